/** What people change about when things happen; what a move up needs stays needed. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attestUpdate,
  extendUpdate,
  pauseUpdate,
  resumeUpdate,
  retryGateUpdate,
  skipHoldUpdate,
  withdrawUpdate,
} from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage, anItem } from '../support/a-plan.js';
import { aWorld, failing, greenSmoke, healthy, redSmoke } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const hour = 3_600_000;
const last = aStage(100, 1, aGate({ decision: null }));
const twoStages = aPlan({ stages: [aStage(10, 4), last] });
const onWords = { by: 'ola', reason: 'support is short' };

const at = (instant: string | null | undefined): number => Date.parse(instant ?? '');

describe('extend', () => {
  it('makes a hold longer by exactly that much', async () => {
    const day = await runDay(env, {
      plan: twoStages,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        const before = at((await rollout.status()).holdEndsAt);
        const answer = await rollout.send(extendUpdate, { ...onWords, for: '2h' });
        expect(answer).toMatchObject({ accepted: true, reason: expect.stringContaining('hold at 10 % is 2 h longer') });
        expect(at((await rollout.status()).holdEndsAt)).toBe(before + 2 * hour);
        await rollout.pass('4h');
        expect(await rollout.status()).toMatchObject({ state: 'holding', stage: 1 });
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it('gives people more time to decide, also after the deadline has paused the rollout', async () => {
    const gate = aGate({ decision: aDecision({ deadlineMs: hour }) });
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1, gate), last] }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        const before = at((await rollout.status()).asked?.until);
        expect(await rollout.send(extendUpdate, { ...onWords, for: '2h' })).toMatchObject({ accepted: true });
        expect(at((await rollout.status()).asked?.until)).toBe(before + 2 * hour);
        await rollout.pass('2h');
        expect(await rollout.status()).toMatchObject({ state: 'asking' });
        await rollout.until('paused');
        expect(await rollout.send(extendUpdate, { ...onWords, for: '4h' })).toMatchObject({ accepted: true });
        await rollout.send(resumeUpdate, onWords);
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it("moves the plan's deadline, which would have rolled back", async () => {
    const policy = { ...twoStages.policy, onDeadline: { do: 'roll-back', afterMs: null, then: null } as const };
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 4), last], deadlineMs: 6 * hour, policy }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        await rollout.send(extendUpdate, { ...onWords, for: '4h', of: 'plan' });
        await rollout.send(pauseUpdate, onWords);
        await rollout.pass('4h');
        await rollout.pass('2h');
        expect(await rollout.status()).toMatchObject({ state: 'paused', percent: { observed: 10 } });
        await rollout.send(resumeUpdate, onWords);
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it('is refused in words when nothing can be extended, or by nonsense', async () => {
    await runDay(env, {
      plan: twoStages,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        for (const wrong of ['soon', '-2h', '0s', '40d']) {
          const answer = await rollout.send(extendUpdate, { ...onWords, for: wrong });
          expect(answer).toMatchObject({ accepted: false, reason: expect.stringContaining('a duration such as') });
        }
        expect(await rollout.send(extendUpdate, { ...onWords, for: '1h', of: 'decision' })).toMatchObject({
          accepted: false,
          reason: expect.stringContaining('Nobody is asked yet'),
        });
        expect(await rollout.send(extendUpdate, { ...onWords, for: '1h', of: 'night' as never })).toMatchObject({
          accepted: false,
        });
        await goAt(rollout, 1);
      },
    });
  });
});

describe('skipHold', () => {
  it('ends the hold; the gate is judged and people are asked all the same', async () => {
    const day = await runDay(env, {
      plan: twoStages,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.pass('15m');
        expect(await rollout.send(skipHoldUpdate, onWords)).toMatchObject({ accepted: true });
        expect(await rollout.send(skipHoldUpdate, onWords)).toMatchObject({ accepted: false });
        await rollout.pass('15m');
        expect(await rollout.status()).toMatchObject({ state: 'asking', stage: 1, percent: { observed: 10 } });
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    expect(day.moves.slice(0, 3)).toEqual(['1 ask people', '1 wait gate', '1 advance clear']);
  });

  it('never skips a failing gate', async () => {
    const world = aWorld({ reading: (id) => (id.startsWith('gate/') ? failing : healthy) });
    const checks = aPlan().checks;
    const day = await runDay(env, {
      plan: aPlan({
        stages: [aStage(10, 4), last],
        checks: { 'autosave-success': { ...checks['autosave-success']!, severity: 'block' } },
      }),
      world,
      people: async (rollout) => {
        await rollout.pass('15m');
        await rollout.send(skipHoldUpdate, onWords);
        await rollout.pass('15m');
        expect(await rollout.status()).toMatchObject({ stage: 1, verdict: { outcome: 'fail' } });
        await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
        await rollout.pass('1h');
        expect(await rollout.status()).toMatchObject({ stage: 1, percent: { observed: 10 } });
        world.state.reading = () => healthy;
        await rollout.pass('1h');
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });
});

describe('retryGate', () => {
  it('looks at once, and runs a red smoke suite again', async () => {
    const { policy } = aPlan();
    const gate = aGate({ smoke: ['reporting'] });
    let runs = 0;
    const world = aWorld({
      smoke: () => {
        runs += 1;
        return runs === 2 ? redSmoke : greenSmoke;
      },
    });
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1, gate), last], policy: { ...policy, onSmokeFailure: 'ask' } }),
      world,
      people: async (rollout) => {
        await rollout.until('holding');
        expect(await rollout.send(retryGateUpdate, onWords)).toMatchObject({
          accepted: false,
          reason: expect.stringContaining('not open yet'),
        });
        await rollout.until('asking');
        expect(runs).toBe(2);
        expect(await rollout.send(retryGateUpdate, onWords)).toMatchObject({ accepted: true });
        await expect.poll(() => runs, { timeout: 10_000 }).toBe(3);
        await expect.poll(async () => (await rollout.status()).next.sentence).toContain('Waiting for');
        await goAt(rollout, 1);
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });
});

describe('withdraw', () => {
  it('takes back only what one said oneself: a go, a no-go, an attestation', async () => {
    const { policy } = aPlan();
    const gate = aGate({ checklist: [anItem('on-call', { title: 'On-call confirmed', role: 'sre' })] });
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1, gate), last], policy: { ...policy, onNoGo: 'pause' } }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        const say = (decision: 'go' | 'no-go', by: string) => rollout.decide({ decision, by, role: 'release-manager' });
        expect(await say('go', 'sam')).toMatchObject({ accepted: true });
        expect(await rollout.send(withdrawUpdate, { by: 'ida' })).toMatchObject({
          accepted: false,
          reason: expect.stringContaining('the decisions here are sam: go'),
        });
        expect(await rollout.send(withdrawUpdate, { by: ' SAM' })).toMatchObject({ accepted: true });
        await rollout.send(attestUpdate, { item: 'on-call', by: 'kim' });
        expect(await rollout.send(withdrawUpdate, { by: 'ida', item: 'on-call' })).toMatchObject({
          accepted: false,
          reason: expect.stringContaining('only kim can withdraw'),
        });
        expect(await rollout.send(withdrawUpdate, { by: 'kim', item: 'on-call' })).toMatchObject({ accepted: true });
        await rollout.pass('1h');
        expect(await rollout.status()).toMatchObject({ stage: 1 });
        await rollout.send(attestUpdate, { item: 'on-call', by: 'kim' });
        await say('no-go', 'sam');
        expect(await rollout.send(withdrawUpdate, { by: 'sam', reason: 'misread the chart' })).toMatchObject({
          accepted: true,
        });
        await goAt(rollout, 1, 'ida');
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });
});

describe('a flag that somebody changed', () => {
  it('is written back when a person says so', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 2, aGate({ decision: null })), last] }),
      world,
      people: async (rollout) => {
        await rollout.until('holding');
        world.edit('reporting-unified', 3);
        await rollout.pass('15m');
        expect(await rollout.status()).toMatchObject({ state: 'paused', percent: { intended: 10, observed: 3 } });
        expect(await rollout.send(resumeUpdate, onWords)).toMatchObject({
          accepted: true,
          reason: expect.stringContaining('writing the flag back to 10 %'),
        });
        await rollout.pass('15m');
        expect(await rollout.status()).toMatchObject({ state: 'holding', percent: { observed: 10 } });
      },
    });
    expect(day.percents).toEqual([0, 10, 10, 100]);
  });
});
