import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { firstBadEntry } from '../../src/core/audit.js';
import {
  attestUpdate,
  noGoSignal,
  pauseUpdate,
  requestRollbackUpdate,
  resumeUpdate,
  rollbackSignal,
} from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, down, failing, healthy, noData, redSmoke } from '../support/a-world.js';
import { goAt, runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const everyGo =
  (...stages: number[]) =>
  async (day: Day): Promise<void> => {
    for (const stage of stages) await goAt(day, stage);
  };

async function until(day: Day, state: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await day.status()).state === state) return;
    await day.pass('15m');
  }
  throw new Error(`never ${state}: ${JSON.stringify(await day.status())}`);
}

it('a clean day goes 10, 25, 50, 100 with a go at each hold point', async () => {
  const day = await runDay(env, { plan: aPlan(), world: aWorld(), people: everyGo(1, 2, 3, 4) });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  expect(day.percents).toEqual([0, 10, 25, 50, 100]);
  expect(day.moves).toEqual([
    '1 ask people',
    '1 advance clear',
    '2 wait hold',
    '2 ask people',
    '2 advance clear',
    '3 wait hold',
    '3 ask people',
    '3 advance clear',
    '4 wait hold',
    '4 ask people',
    '4 complete clear',
  ]);
  expect(firstBadEntry(day.audit)).toBeNull();
  expect(day.audit.at(-1)?.hash).toBe(day.result.auditHead);
  expect(day.events).toBeLessThanOrEqual(1_200);
});

describe('what rolls back by itself', () => {
  it.each([10, 25, 50, 100])('a rollback-severity check that fails three times in a row at %i %%', async (percent) => {
    const world = aWorld({ reading: (_, at) => (at === percent ? failing : healthy) });
    const stage = [10, 25, 50, 100].indexOf(percent) + 1;
    const day = await runDay(env, { plan: aPlan(), world, people: everyGo(...[1, 2, 3].slice(0, stage - 1)) });
    expect(day.result.outcome).toBe('rolled-back');
    expect(day.percents).toEqual([0, ...[10, 25, 50, 100].slice(0, stage), 0]);
    expect(day.moves.at(-1)).toBe(`${stage} roll-back breach`);
  });

  it('a red smoke suite after the flip', async () => {
    const stages = [aStage(10, 4, aGate({ smoke: ['reporting'] })), aStage(100, 4)];
    const world = aWorld({ smoke: () => redSmoke });
    const day = await runDay(env, { plan: aPlan({ stages }), world, people: async () => {} });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
    expect(day.result.reason).toContain('expected status 200, got 500');
    expect(day.percents).toEqual([0, 10, 0]);
  });

  it('a no-go, where the plan says so', async () => {
    const day = await runDay(env, {
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await until(rollout, 'asking');
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

describe('what only waits', () => {
  it('no data at the gate: asks, records the go, stays, and moves once the data is back', async () => {
    const world = aWorld({ reading: (id) => (id.startsWith('gate/') ? noData : healthy) });
    const plan = aPlan({ stages: [aStage(10, 4), aStage(100, 1, aGate({ decision: null }))] });
    const day = await runDay(env, {
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
        await until(rollout, 'asking');
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
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await until(rollout, 'paused');
        const resumed = await rollout.send(resumeUpdate, { by: 'ola', reason: 'people are back' });
        expect(resumed.accepted).toBe(true);
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    expect(day.audit.some(({ kind }) => kind === 'deadline')).toBe(true);
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

describe('a rollback that a person asks for', () => {
  const plan = aPlan({
    preflight: aGate({
      checks: [],
      checklist: [{ id: 'audit', title: 'Security audit clean', role: 'security' }],
      decision: null,
    }),
    stages: [aStage(10, 1), aStage(100, 4, aGate({ decision: null }))],
  });
  const attest = (day: Day) => day.send(attestUpdate, { item: 'audit', by: 'lee' });
  const states: readonly [string, number[], (day: Day) => Promise<void>][] = [
    ['in preflight', [0, 0], (day) => until(day, 'asking')],
    ['in a hold', [0, 10, 0], (day) => attest(day).then(() => until(day, 'holding'))],
    [
      'while people are asked',
      [0, 10, 0],
      async (day) => {
        await attest(day);
        await until(day, 'holding');
        await until(day, 'asking');
      },
    ],
    [
      'while paused',
      [0, 10, 0],
      async (day) => {
        await attest(day);
        await until(day, 'holding');
        await day.send(pauseUpdate, { by: 'ola', reason: 'looking' });
      },
    ],
    [
      'in the bake',
      [0, 10, 100, 0],
      async (day) => {
        await attest(day);
        await goAt(day, 1);
        await until(day, 'holding');
      },
    ],
  ];

  it.each(states)('%s answers with a proven receipt', async (_, percents, reach) => {
    const day = await runDay(env, {
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await reach(rollout);
        const receipt = await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'pages are slow' });
        expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0, by: 'ola' });
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'pages are slow' });
    expect(day.percents).toEqual(percents);
  });

  it('before the start writes nothing', async () => {
    const startAt = new Date((await env.currentTimeMs()) + 86_400_000).toISOString();
    const day = await runDay(env, {
      plan: aPlan({ startAt }),
      world: aWorld(),
      people: (rollout) => rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'not today' }),
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', receipt: { written: false } });
    expect(day.percents).toEqual([]);
  });

  it('as a Temporal cancellation is a rollback, too', async () => {
    const day = await runDay(env, {
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await until(rollout, 'holding');
        await rollout.handle.cancel();
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  });
});

describe('messages at the wrong time or of the wrong form', () => {
  it('are answered with the reason, recorded, and change nothing', async () => {
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1, aGate({ decision: null }))] }),
      world: aWorld(),
      people: async (rollout) => {
        await until(rollout, 'holding');
        const early = await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
        expect(early).toMatchObject({ accepted: false });
        expect(early.reason).toContain('its gate is not open yet');
        await rollout.handle.signal('go', null);
        await rollout.handle.signal('launch', { now: true });
        await expect(rollout.handle.executeUpdate('decide', { args: [{ decision: 'maybe' }] })).rejects.toThrow();
        await until(rollout, 'asking');
        const starter = await rollout.decide({ decision: 'go', by: ' DANA ', role: 'release-manager' });
        expect(starter).toMatchObject({ accepted: false });
        const otherStage = await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager', stage: 2 });
        expect(otherStage).toMatchObject({ accepted: false });
        const otherRole = await rollout.decide({ decision: 'go', by: 'sam', role: 'chef' });
        expect(otherRole).toMatchObject({ accepted: false });
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    const refused = day.audit.filter(({ kind }) => kind === 'refusal').map(({ data }) => data['message']);
    expect(refused).toEqual(['decide', 'go', 'launch', 'decide', 'decide', 'decide']);
  });
});
