/** What others' second tries were surprised by: an aborted rollout leaves nothing behind that helps or harms the next. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../src/core/audit.js';
import { buildReport } from '../../src/core/report.js';
import { requestRollbackUpdate } from '../../workflows/messages.js';
import { aCheck, aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, greenSmoke, healthy, redSmoke } from '../support/a-world.js';
import { nextWorld } from '../support/next-world.js';
import { everyGo, goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

// Several rollouts one after the other: slow where others run beside it.
vi.setConfig({ testTimeout: 180_000 });

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const nobody = async (): Promise<void> => {};
const nobodyAsked = aGate({ decision: null });
const briefly = [aStage(10, 1, nobodyAsked), aStage(100, 1, nobodyAsked)];
const oneWindow = { 'autosave-success': aCheck('autosave-success', { consecutive: 1 }) };

/** Kinds in order, runs of one kind as one. */
const kinds = (audit: readonly AuditEntry[]): string[] =>
  audit.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1]);

it('peer 1 (Argo TestRolloutAbortRetryPromote): rolled back at 10 percent, started again, all the way up: exactly these entries', async () => {
  const world = aWorld();
  const plan = aPlan({ stages: [aStage(10, 1), aStage(100, 1, nobodyAsked)] });
  const aborted = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'wrong build' });
    },
  });
  expect(kinds(aborted.audit)).toEqual([
    'started',
    'claim',
    'flip',
    'verdict',
    'move',
    'message',
    'rollback',
    'closed',
  ]);
  const again = await runDay(env, { plan, world: nextWorld(world), people: everyGo(1) });
  expect(kinds(again.audit)).toEqual([
    'started',
    'claim',
    'flip', // 10 %
    'verdict', // three looks and the hold point
    'move', // ask
    'decision',
    'move', // look once more
    'verdict',
    'move', // advance
    'flip', // 100 %
    'move', // hold
    'verdict',
    'move', // complete
    'closed',
  ]);
  expect([aborted.percents, again.percents]).toEqual([
    [0, 10, 0],
    [0, 10, 100],
  ]);
  expect(world.store.writes.map(({ fence }) => fence)).toEqual([1, 1, 2, 3, 3, 3]);
});

it('peer 9 (Argo TestRolloutGoodToBad, BadToGood, BadToBad): a bad version goes to 0 each time, and a good one after it goes all the way', async () => {
  const world = aWorld({ smoke: () => redSmoke });
  const plan = aPlan({
    stages: [aStage(10, 1, aGate({ smoke: ['reporting'], decision: null })), aStage(100, 1, nobodyAsked)],
  });
  const bad = await runDay(env, { plan, world, people: nobody });
  const stillBad = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  world.state.smoke = () => greenSmoke;
  const good = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect([bad, stillBad, good].map(({ percents }) => percents)).toEqual([
    [0, 10, 0],
    [0, 10, 0],
    [0, 10, 100],
  ]);
  expect([bad, stillBad, good].map(({ moves }) => moves.at(-1))).toEqual([
    '1 roll-back smoke',
    '1 roll-back smoke',
    '2 complete clear',
  ]);
});

it('peer 15 (Argo TestBlueGreenPrePromotionFail): a red preflight never leaves 0; after the fix the next start goes up', async () => {
  let runs = 0;
  const world = aWorld({
    smoke: () => {
      runs += 1;
      return redSmoke;
    },
  });
  const preflight = aGate({ checks: [], smoke: ['reporting'], decision: null });
  const plan = aPlan({ preflight, stages: briefly });
  const red = await runDay(env, { plan, world, people: nobody });
  expect({ percents: red.percents, moves: red.moves, runs }).toEqual({
    percents: [0, 0],
    moves: ['0 roll-back smoke'],
    runs: 1,
  });
  world.state.smoke = () => greenSmoke;
  const green = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect(green.percents).toEqual([0, 10, 100]);
});

it('peer 17 (Argo TestBlueGreenAbortAndUpdate): failing windows of an aborted run do not count against the next', async () => {
  const world = aWorld({ reading: () => failing });
  const plan = aPlan({ stages: briefly });
  const aborted = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.pass('15m');
      await rollout.pass('15m');
      expect((await rollout.status()).verdict?.findings[0]?.streak).toEqual({ failing: 2, of: 3 });
      await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'before it does so itself' });
    },
  });
  expect(aborted.percents).toEqual([0, 10, 0]);
  const next = await runDay(env, {
    plan,
    world: nextWorld(world),
    people: async (rollout) => {
      await rollout.pass('15m');
      await rollout.pass('15m');
      expect((await rollout.status()).verdict?.findings[0]?.streak).toEqual({ failing: 2, of: 3 });
      world.state.reading = () => healthy;
    },
  });
  expect(next.percents).toEqual([0, 10, 100]);
});

it('peer 31 (Argo TestRollbackWindow): there is no short way back up: a rollout begun right after a rollback walks every stage', async () => {
  const world = aWorld();
  const plan = aPlan({ stages: [aStage(10, 1, nobodyAsked), aStage(50, 1, nobodyAsked), aStage(100, 1, nobodyAsked)] });
  const proven = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      while ((await rollout.status()).stage < 3) await rollout.pass('30m');
      await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'a customer called' });
    },
  });
  expect(proven.percents).toEqual([0, 10, 50, 100, 0]);
  const again = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect(again.percents).toEqual([0, 10, 50, 100]);
  const gates = again.audit.filter(({ kind, data }) => kind === 'verdict' && data['scope'] === 'gate');
  expect(gates.map(({ data }) => data['stage'])).toEqual([1, 2, 3]);
});

it('peer 37 (Argo StatusIsNotUsedOnNewRollout): votes and verdicts belong to their run: the next one asks anew', async () => {
  const approvers = [
    { role: 'release-manager', count: 1 },
    { role: 'sre', count: 1 },
  ];
  const plan = aPlan({
    stages: [aStage(10, 1, aGate({ decision: aDecision({ approvers }) })), aStage(100, 1, nobodyAsked)],
  });
  const world = aWorld();
  let seen = '';
  const first = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      expect(await rollout.decide({ decision: 'go', by: 'sam', role: 'sre' })).toMatchObject({ accepted: true });
      seen = (await rollout.status()).verdict?.evidenceDigest ?? '';
      await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'wrong build' });
    },
  });
  const second = await runDay(env, {
    plan,
    world: nextWorld(world),
    people: async (rollout) => {
      await rollout.until('asking');
      expect((await rollout.status()).asked?.decisions).toEqual([]);
      const old = await rollout.decide({ decision: 'go', by: 'sam', role: 'sre', evidenceDigest: seen });
      expect(old).toMatchObject({
        accepted: false,
        reason: expect.stringContaining('evidence this gate has not shown'),
      });
      await rollout.decide({ decision: 'go', by: 'sam', role: 'sre' });
      await goAt(rollout, 1, 'kim');
    },
  });
  expect(second.status.runId).not.toBe(first.status.runId);
  expect(second.percents).toEqual([0, 10, 100]);
});

it('peer 43 (Flagger test-lifecycle): after a rollback nothing begins by itself; a retry fails again; the repaired version goes all the way', async () => {
  const world = aWorld({ reading: () => failing });
  const plan = aPlan({ checks: oneWindow, stages: briefly });
  const failed = await runDay(env, { plan, world, people: nobody });
  const document = JSON.stringify(world.store.document());
  await env.sleep('365m');
  expect(JSON.stringify(world.store.document())).toBe(document);
  const retried = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  world.state.reading = () => healthy;
  const repaired = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect([failed, retried, repaired].map(({ percents }) => percents)).toEqual([
    [0, 10, 0],
    [0, 10, 0],
    [0, 10, 100],
  ]);
  expect([failed, retried, repaired].map(({ result }) => result.outcome)).toEqual([
    'rolled-back',
    'rolled-back',
    'completed',
  ]);
});

it('peer 30 (Argo DurationAbort, Retry, FullyPromoted, Superseded): every end has its own outcome, and the report its stages and times', async () => {
  const plan = aPlan({ stages: briefly });
  const world = aWorld();
  const report = (day: Awaited<ReturnType<typeof runDay>>) => {
    const { rollout, runId } = day.status;
    const { outcome, percent, stages } = buildReport({ plan, audit: day.audit, result: day.result, rollout, runId });
    const minutes = stages.map((stage) =>
      Math.round((Date.parse(stage.leftAt ?? '') - Date.parse(stage.enteredAt)) / 60_000),
    );
    return { outcome, percent, minutes };
  };
  const superseded = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.pass('15m');
      const document = world.store.document();
      const flag = document.flags['reporting-unified'] ?? {};
      const metadata = { ...(flag['metadata'] as object), 'holdpoint.fence': 9, 'holdpoint.owner': 'rollout/other@1' };
      world.store.replaceDocument({ ...document, flags: { 'reporting-unified': { ...flag, metadata } } });
    },
  });
  expect(report(superseded)).toEqual({ outcome: 'superseded', percent: 10, minutes: [30] });
  const refused = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect(report(refused)).toEqual({ outcome: 'refused', percent: 10, minutes: [] });
  expect(refused.result.reason).toBe('The flag is at 10 %, not at 0 %: take it back to 0 first.');
  const theirs = { state: 'ENABLED', variants: { on: true, off: false }, targeting: { if: [true, 'on', 'off'] } };
  world.store.replaceDocument({ flags: { 'reporting-unified': { ...theirs, defaultVariant: 'off' } } });
  const unreadable = await runDay(env, { plan, world: nextWorld(world), people: nobody });
  expect(unreadable.result).toMatchObject({
    outcome: 'refused',
    reason: 'The flag has a rule that is not ours, so its percent cannot be told: take it back to 0 first.',
  });
  const fresh = aWorld();
  const completed = await runDay(env, { plan, world: fresh, people: nobody });
  expect(report(completed)).toEqual({ outcome: 'completed', percent: 100, minutes: [60, 60] });
  expect([superseded, refused, completed].map(({ percents }) => percents)).toEqual([[0, 10], [], [0, 10, 100]]);
});
