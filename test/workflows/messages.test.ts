/** Messages nobody expected: answered, recorded, without effect. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCheck, aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, healthy } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

describe('messages at the wrong time or of the wrong form', () => {
  it('are answered with the reason, recorded, and change nothing', async () => {
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1, aGate({ decision: null }))] }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        const early = await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
        expect(early).toMatchObject({ accepted: false });
        expect(early.reason).toContain('its gate is not open yet');
        await rollout.handle.signal('go', null);
        await rollout.handle.signal('launch', { now: true });
        await expect(rollout.handle.executeUpdate('decide', { args: [{ decision: 'maybe' }] })).rejects.toThrow();
        await rollout.until('asking');
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

  it('an empty or endless stream of junk changes nothing and cannot fill the history', async () => {
    const day = await runDay(env, {
      cache: false,
      plan: aPlan({ stages: [aStage(100, 1, aGate({ decision: null }))] }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        await rollout.offline(async () => {
          for (let count = 0; count < 210; count += 1) await rollout.handle.signal('noGo');
          await rollout.handle.signal('breach', { samples: 'all of them' });
        });
      },
    });
    expect(day.percents).toEqual([0, 100]);
    expect(day.audit.filter(({ kind }) => kind === 'refusal')).toHaveLength(200);
  });

  it('a message that nobody knows is answered in words', async () => {
    await runDay(env, {
      plan: aPlan({ stages: [aStage(100, 1, aGate({ decision: null }))] }),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        const answer = await rollout.handle.executeUpdate('launch', { args: [{ by: 'sam' }] });
        expect(answer).toEqual({ accepted: false, reason: 'There is no message launch.' });
      },
    });
  });
});

describe('a quorum', () => {
  const twoRoles = aGate({
    decision: aDecision({
      approvers: [
        { role: 'release-manager', count: 1 },
        { role: 'sre', count: 2 },
      ],
    }),
  });
  const plan = aPlan({ stages: [aStage(10, 1, twoRoles), aStage(100, 1, aGate({ decision: null }))] });

  it('needs distinct people, one seat each', async () => {
    const day = await runDay(env, {
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        const say = (by: string, role: string) => rollout.decide({ decision: 'go', by, role });
        expect(await say('sam', 'sre')).toMatchObject({ accepted: true });
        expect(await say('SAM ', 'sre')).toMatchObject({ accepted: false, reason: expect.stringContaining('already') });
        expect(await say('sam', 'release-manager')).toMatchObject({
          accepted: false,
          reason: expect.stringContaining('one person fills one seat'),
        });
        expect(await say('kim', 'release-manager')).toMatchObject({ accepted: true });
        expect(await rollout.status()).toMatchObject({ stage: 1, state: 'asking' });
        expect(await say('ida', 'sre')).toMatchObject({ accepted: true });
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
  });

  it('lapses for those who said go before the evidence got worse', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      plan: aPlan({
        ...plan,
        checks: { 'autosave-success': aCheck('autosave-success', { severity: 'block' }) },
      }),
      world,
      people: async (rollout) => {
        await rollout.until('asking');
        await rollout.decide({ decision: 'go', by: 'sam', role: 'sre' });
        world.state.reading = () => failing;
        await rollout.pass('15m');
        expect((await rollout.status()).asked?.decisions).toEqual([]);
        world.state.reading = () => healthy;
        await rollout.pass('15m');
        for (const [by, role] of [
          ['sam', 'sre'],
          ['ida', 'sre'],
          ['kim', 'release-manager'],
        ] as const)
          expect(await rollout.decide({ decision: 'go', by, role })).toMatchObject({ accepted: true });
      },
    });
    expect(day.percents).toEqual([0, 10, 100]);
    expect(day.audit.filter(({ kind }) => kind === 'lapse')).toHaveLength(1);
  });
});
