/** What takes the flag back without anybody asking. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noGoSignal } from '../../workflows/messages.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, healthy, redSmoke } from '../support/a-world.js';
import { everyGo, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

describe('what rolls back by itself', () => {
  it.each([10, 25, 50, 100])('a rollback-severity check that fails three times in a row at %i %%', async (percent) => {
    const world = aWorld({ reading: (_, at) => (at === percent ? failing : healthy) });
    const stage = [10, 25, 50, 100].indexOf(percent) + 1;
    const day = await runDay(env, {
      name: `breach-at-${percent}`,
      plan: aPlan(),
      world,
      people: everyGo(...[1, 2, 3].slice(0, stage - 1)),
    });
    expect(day.result.outcome).toBe('rolled-back');
    expect(day.percents).toEqual([0, ...[10, 25, 50, 100].slice(0, stage), 0]);
    expect(day.moves.at(-1)).toBe(`${stage} roll-back breach`);
  });

  it('a red smoke suite after the flip', async () => {
    const stages = [aStage(10, 4, aGate({ smoke: ['reporting'] })), aStage(100, 4)];
    const world = aWorld({ smoke: () => redSmoke });
    const day = await runDay(env, { name: 'red-smoke', plan: aPlan({ stages }), world, people: async () => {} });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
    expect(day.result.reason).toContain('expected status 200, got 500');
    expect(day.percents).toEqual([0, 10, 0]);
  });

  it('a no-go, where the plan says so', async () => {
    const day = await runDay(env, {
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        await rollout.handle.signal(noGoSignal, {
          by: 'sam',
          role: 'release-manager',
          reason: 'support is short today',
        });
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back' });
    expect(day.result.reason).toContain('support is short today');
  });

  it("the plan's deadline, an hour after it asked", async () => {
    const plan = aPlan({ deadlineMs: 5 * 3_600_000, stages: [aStage(10, 4), aStage(100, 4)] });
    const day = await runDay(env, { plan, world: aWorld(), people: async () => {} });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', reason: "The plan's deadline has passed." });
    expect(day.moves.slice(-2)).toEqual(['1 ask deadline', '1 roll-back deadline']);
  });
});
