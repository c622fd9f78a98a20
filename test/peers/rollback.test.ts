/** What others' aborts were surprised by: down comes first, waits for nothing, works in every state and is final. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { requestRollbackUpdate, resumeUpdate, rollbackSignal } from '../../workflows/messages.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, down, healthy, redSmoke } from '../support/a-world.js';
import { nextWorld } from '../support/next-world.js';
import { runDay, type Day, type DayRecord } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const nobodyAsked = aGate({ decision: null });
const ask = (rollout: Day) => rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'pages are slow' });
const afterTheRequest = ({ history }: DayRecord) => history.slice(history.indexOf('update requestRollback') + 1);

it('peer 18 (Argo TestBlueGreenAnalysis): a rollback asks no metrics, no smoke suite and no people', async () => {
  let asked = 0;
  const world = aWorld({
    reading: () => {
      asked += 1;
      return healthy;
    },
  });
  const gate = aGate({ smoke: ['reporting'] });
  let before = 0;
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1, gate), aStage(100, 1, gate)] }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      before = asked;
      expect(await ask(rollout)).toMatchObject({ written: true, state: 'proven', percent: 0 });
    },
  });
  expect(asked).toBe(before);
  expect(afterTheRequest(day)).toEqual([
    'scheduled writeSafeState',
    'completed writeSafeState',
    'scheduled exportRecords',
    'completed exportRecords',
  ]);
  expect(day.percents).toEqual([0, 10, 0]);
});

it('peer 27 (Argo TestCanaryRollbackToStable): the flag is at 0 and read back before anybody is told', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ channels: ['room'] }),
    world,
    people: async (rollout) => {
      await rollout.until('holding');
      world.state.beforeAnnounce = () => {
        expect(world.store.writes.at(-1)).toMatchObject({ action: 'rollback', percent: 0 });
        return Promise.resolve();
      };
      await ask(rollout);
    },
  });
  expect(afterTheRequest(day).slice(0, 3)).toEqual([
    'scheduled writeSafeState',
    'completed writeSafeState',
    'scheduled announce',
  ]);
  expect(world.announcer.announcements.at(-1)).toMatchObject({ kind: 'rolled-back', percent: 0 });
});

it('peer 36 (Argo step plugin RetriesUntilDeadline): a flip that cannot land is tried for a minute, then pauses and says so; a resume tries again', async () => {
  const world = aWorld();
  let tries = 0;
  world.state.beforeFlip = () => {
    tries += 1;
    return Promise.reject(new AdapterError('flag store local', 'unreachable', 'The store is away.'));
  };
  let triedFor = 0;
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1, nobodyAsked), aStage(100, 1, nobodyAsked)] }),
    world,
    people: async (rollout) => {
      await rollout.until('paused');
      triedFor = tries;
      await rollout.pass('4h');
      expect(tries).toBe(triedFor);
      expect((await rollout.status()).next.sentence).toBe(
        'Paused by holdpoint: the flag could not be moved to 10 %: The store is away.',
      );
      world.state.beforeFlip = () => Promise.resolve();
      await rollout.send(resumeUpdate, { by: 'ola', reason: 'the store is back' });
    },
  });
  // 200 ms × 1.5, at most 5 s apart, within a minute: 19 at most; a busy machine makes each try, and so the row, slower.
  expect(triedFor).toBeLessThanOrEqual(19);
  expect(triedFor).toBeGreaterThan(10);
  expect(day.percents).toEqual([0, 10, 100]);
});

it('peer 40 (Argo TestIstioAbortUpdateDeleteAllCanaryPods): with the service, its metrics, the archive and the channel gone, a rollback still ends at 0', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ channels: ['room'], stages: [aStage(10, 4, aGate({ smoke: ['reporting'] })), aStage(100, 1)] }),
    world,
    archives: false,
    people: async (rollout) => {
      await rollout.until('holding');
      world.state.reading = () => down;
      world.state.smoke = () => redSmoke;
      world.state.beforeAnnounce = () => Promise.reject(new Error('the channel is gone'));
      Object.assign(world.archive, {
        put: () => Promise.reject(new AdapterError('archive', 'unreachable', 'The disk is gone.')),
      });
      await rollout.pass('15m');
      expect(await ask(rollout)).toMatchObject({ written: true, state: 'proven', percent: 0 });
    },
  });
  expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  expect(day.percents).toEqual([0, 10, 0]);
});

it('peer 59 (GrowthBook "is a no-op for terminal schedules"): what comes after the end is refused and changes nothing', async () => {
  const world = aWorld();
  let handle: Day['handle'] | null = null;
  const late = { check: 'autosave-success', scope: 'watch', at: '2026-12-01T12:00:00Z', windowMs: 60_000 };
  const day = await runDay(env, {
    plan: aPlan({ channels: ['room'] }),
    world,
    people: async (rollout) => {
      handle = rollout.handle;
      await rollout.until('asking');
      world.store.breakWith(new AdapterError('flag store local', 'unreachable', 'The store is away.'));
      await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'errors' });
      await expect.poll(async () => (await rollout.status()).state, { timeout: 20_000 }).toBe('needs-a-human');
      await rollout.handle.signal('breach', { samples: [{ ...late, reading: { kind: 'value', value: 1, raw: '1' } }] });
      expect(await rollout.decide({ decision: 'go', by: 'sam' })).toMatchObject({ accepted: false });
      expect(await rollout.send(resumeUpdate, { by: 'sam', reason: 'x' })).toMatchObject({ accepted: false });
      world.store.breakWith(null);
    },
  });
  expect(day.percents).toEqual([0, 10, 0]);
  expect(day.audit.filter(({ kind }) => kind === 'refusal').map(({ data }) => data['message'])).toEqual([
    'breach',
    'decide',
    'resume',
  ]);
  await expect(handle!.signal('go', { by: 'sam' })).rejects.toThrow(WorkflowNotFoundError);
  expect(world.store.writes.map(({ percent }) => percent)).toEqual([0, 10, 0]);
});

it('peer 61 (Temporal signal/prevent_close): a rollback that arrives with the last go, or while the last records are written, is not lost', async () => {
  const world = aWorld();
  const plan = aPlan({ stages: [aStage(100, 1)], channels: ['room'] });
  const withTheGo = await runDay(env, {
    cache: false,
    plan,
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      await rollout.offline(async () => {
        await rollout.handle.signal('go', { by: 'sam', role: 'release-manager' });
        await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'one second too late?' });
      });
    },
  });
  expect(withTheGo.percents).toEqual([0, 100, 0]);
  expect(withTheGo.result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'one second too late?' });
  expect(withTheGo.audit.filter(({ kind }) => kind === 'decision')).toHaveLength(1);

  const whileClosing = await runDay(env, {
    plan,
    world: nextWorld(world),
    people: async (rollout) => {
      await rollout.until('asking');
      let tellAll = (): void => undefined;
      const told = new Promise<void>((resolve) => {
        tellAll = resolve;
      });
      world.state.beforeAnnounce = () => told;
      await rollout.handle.signal('go', { by: 'sam', role: 'release-manager' });
      await expect.poll(async () => (await rollout.status()).state, { timeout: 20_000 }).toBe('completed');
      await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'a customer called' });
      tellAll();
    },
  });
  expect(whileClosing.percents).toEqual([0, 100, 0]);
  expect(whileClosing.result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'a customer called' });
  expect(whileClosing.audit.filter(({ kind }) => kind === 'closed').map(({ data }) => data['outcome'])).toEqual([
    'completed',
    'rolled-back',
  ]);
});
