/** What holds a rollout up without taking it back. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, down, healthy, noData } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

describe('what only waits', () => {
  it('no data at the gate: asks, records the go, stays, and moves once the data is back', async () => {
    const world = aWorld({ reading: (id) => (id.startsWith('gate/') ? noData : healthy) });
    const plan = aPlan({ stages: [aStage(10, 4), aStage(100, 1, aGate({ decision: null }))] });
    const day = await runDay(env, {
      name: 'no-data-then-go',
      plan,
      world,
      people: async (rollout) => {
        await rollout.pass('4h');
        await rollout.pass('1h');
        expect(await rollout.status()).toMatchObject({ state: 'asking', percent: { observed: 10 } });
        expect(await rollout.decide({ decision: 'go', by: 'sam', stage: 1 })).toMatchObject({ accepted: true });
        await rollout.pass('30m');
        expect(await rollout.status()).toMatchObject({ stage: 1, percent: { observed: 10 } });
        world.state.reading = () => healthy;
      },
    });
    expect(day.result.outcome).toBe('completed');
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it('a metrics source that is down: asks after ten minutes, never rolls back, goes on when it answers', async () => {
    const world = aWorld({ reading: () => down });
    const plan = aPlan({ stages: [aStage(10, 4), aStage(100, 1, aGate({ decision: null }))] });
    const day = await runDay(env, {
      plan,
      world,
      people: async (rollout) => {
        await rollout.pass('30m');
        expect(await rollout.status()).toMatchObject({ state: 'asking', percent: { observed: 10 } });
        world.state.reading = () => healthy;
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it('a no-go under the pause policy, until the same person says go', async () => {
    const plan = aPlan({ stages: [aStage(10, 1), aStage(100, 1, aGate({ decision: null }))] });
    const day = await runDay(env, {
      plan: aPlan({ stages: plan.stages, policy: { ...plan.policy, onNoGo: 'pause' } }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        await rollout.decide({ decision: 'no-go', by: 'sam', role: 'release-manager', reason: 'wait for support' });
        await rollout.pass('1h');
        expect(await rollout.status()).toMatchObject({ state: 'paused', percent: { observed: 10 } });
        await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it("a decision's missed deadline pauses; a resume asks anew", async () => {
    const plan = aPlan({
      stages: [
        aStage(10, 1, aGate({ decision: aDecision({ deadlineMs: 3_600_000 }) })),
        aStage(100, 1, aGate({ decision: null })),
      ],
    });
    const day = await runDay(env, {
      name: 'missed-deadline-resumed',
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('paused');
        const resumed = await rollout.send(resumeUpdate, { by: 'ola', reason: 'people are back' });
        expect(resumed.accepted).toBe(true);
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    expect(day.audit.some(({ kind }) => kind === 'deadline')).toBe(true);
  });

  it('evidence that is old by the clock of who flips, however fresh by that of the workflow', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1, aGate({ decision: null }))] }),
      world,
      people: async (rollout) => {
        await rollout.until('asking');
        // The look before the move is on time; whoever then flips has slept for two hours.
        world.state.reading = () => {
          world.state.clockAheadMs = 2 * 3_600_000;
          return healthy;
        };
        await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    const trouble = day.audit.filter(({ kind }) => kind === 'trouble').map(({ data }) => data['what']);
    expect(trouble).toEqual(['the evidence was too old to move on; looking again']);
  });

  it('a pause, which the hold clock does not feel', async () => {
    const plan = aPlan({
      stages: [aStage(10, 1, aGate({ decision: null })), aStage(100, 1, aGate({ decision: null }))],
    });
    const day = await runDay(env, {
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.send(pauseUpdate, { by: 'ola', reason: 'checking a dashboard' });
        await rollout.pass('2h');
        expect(await rollout.status()).toMatchObject({ state: 'paused', percent: { observed: 10 } });
        await rollout.send(resumeUpdate, { by: 'ola', reason: 'all fine' });
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });
});
