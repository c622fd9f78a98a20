/** What others' pauses and deadlines were surprised by: time alone never moves a flag up, and waiting is no failure. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildReport } from '../../src/core/report.js';
import { pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { historyLines } from '../support/history-lines.js';
import { goAt, runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const hour = 3_600_000;
const nobodyAsked = aGate({ decision: null });

it('peer 5 (Argo TestRolloutPauseDurationGreaterThanProgressDeadlineSeconds): a hold longer than every decision deadline trips none', async () => {
  const gate = aGate({ decision: aDecision({ deadlineMs: hour, onDeadline: 'roll-back' }) });
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 6, gate), aStage(100, 1, nobodyAsked)] }),
    world: aWorld(),
    people: async (rollout) => {
      await rollout.pass('4h');
      await rollout.pass('2h');
      await goAt(rollout, 1);
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  expect(day.audit.filter(({ kind }) => kind === 'deadline')).toEqual([]);
});

it('peer 6 (Argo TestBlueGreenExceedProgressDeadlineAbort): nobody decides in time: the plan says what happens, and it is never a go', async () => {
  const gate = aGate({
    decision: aDecision({ deadlineMs: hour, onDeadline: 'roll-back', escalateTo: 'engineering-manager' }),
  });
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1, gate), aStage(100, 1)], channels: ['room'] }),
    world,
    people: async () => {},
  });
  expect(day.percents).toEqual([0, 10, 0]);
  expect(day.moves).toEqual(['1 ask people', '1 roll-back deadline']);
  expect(day.audit.filter(({ kind }) => kind === 'deadline').map(({ data }) => data)).toEqual([
    { of: 'decision', stage: 1, action: 'roll-back' },
  ]);
  const escalations = world.announcer.announcements.filter(({ kind }) => kind === 'escalation');
  expect(escalations.map(({ who }) => who)).toEqual([['engineering-manager']]);
});

it('peer 25 (Argo TestCanaryProgressDeadlineExceededWithPause): a pause at any hold point stops the clock of its decision', async () => {
  const gate = aGate({ decision: aDecision({ deadlineMs: 2 * hour, onDeadline: 'roll-back' }) });
  const pausedHere = async (rollout: Day, stage: number) => {
    for (let status = await rollout.status(); status.stage !== stage || status.state !== 'asking';) {
      await rollout.pass('15m');
      status = await rollout.status();
    }
    const until = Date.parse((await rollout.status()).asked?.until ?? '');
    await rollout.send(pauseUpdate, { by: 'ola', reason: 'the office is closed' });
    await rollout.pass('4h');
    expect(await rollout.status()).toMatchObject({ stage, state: 'paused' });
    await rollout.send(resumeUpdate, { by: 'ola', reason: 'open again' });
    const moved = Date.parse((await rollout.status()).asked?.until ?? '') - until;
    expect(Math.round(moved / 60_000)).toBe(4 * 60 + 1);
    await goAt(rollout, stage);
  };
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1, gate), aStage(50, 1, gate), aStage(100, 1, nobodyAsked)] }),
    world: aWorld(),
    people: async (rollout) => {
      await pausedHere(rollout, 1);
      await pausedHere(rollout, 2);
    },
  });
  expect(day.percents).toEqual([0, 10, 50, 100]);
  expect(day.audit.filter(({ kind }) => kind === 'deadline')).toEqual([]);
});

it('peer 28 (Argo TestCanaryWithSpecPause): a paused rollout writes nothing and does nothing but look', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 6, nobodyAsked), aStage(100, 1, nobodyAsked)] }),
    world,
    people: async (rollout) => {
      await rollout.until('holding');
      await rollout.send(pauseUpdate, { by: 'ola', reason: 'checking a dashboard' });
      const eventsOf = async () => (await rollout.handle.fetchHistory()).events ?? [];
      const before = { events: (await eventsOf()).length, document: JSON.stringify(world.store.document()) };
      await rollout.pass('4h');
      const since = (await eventsOf()).slice(before.events);
      const lines = historyLines(since).filter((line) => line.startsWith('scheduled'));
      expect(lines).toEqual(Array.from({ length: 16 }, () => 'scheduled look'));
      expect(since.length).toBeLessThanOrEqual(16 * 11);
      expect(JSON.stringify(world.store.document())).toBe(before.document);
      await rollout.send(resumeUpdate, { by: 'ola', reason: 'all fine' });
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
});

it('peer 29 (Argo PauseStep, IndefinitePauseStep): the report counts the planned hold and the wait for people apart', async () => {
  const plan = aPlan({ stages: [aStage(10, 1), aStage(50, 1, nobodyAsked), aStage(100, 1, nobodyAsked)] });
  const day = await runDay(env, {
    plan,
    world: aWorld(),
    people: async (rollout) => {
      await rollout.until('asking');
      await rollout.pass('30m');
      await goAt(rollout, 1);
      await rollout.pass('15m');
      await rollout.send(pauseUpdate, { by: 'ola', reason: 'lunch' });
      await rollout.pass('2h');
      await rollout.send(resumeUpdate, { by: 'ola', reason: 'back' });
    },
  });
  const { rollout, runId } = day.status;
  const { stages } = buildReport({ plan, audit: day.audit, result: day.result, rollout, runId });
  const minutes = (ms: number | null): number => Math.round((ms ?? -1) / 60_000);
  expect(stages.map(({ percent, plannedHoldMs }) => [percent, minutes(plannedHoldMs)])).toEqual([
    [10, 60],
    [50, 60],
    [100, 60],
  ]);
  // Asked at 60 min and answered at 95; paused from 16 to 137 min of an hour's hold.
  expect(stages.map(({ beyondHoldMs }) => minutes(beyondHoldMs))).toEqual([35, 77, 0]);
});

it('peer 10 (Argo TestSpecAndReplicaChangeSameTime): a person and a flip at the same moment: the later one is refused by revision, and people are told', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1, nobodyAsked)], channels: ['room'] }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      const proven = world.store.document();
      world.state.beforeFlip = () => {
        world.edit('reporting-unified', 42);
        return Promise.resolve();
      };
      await goAt(rollout, 1);
      await rollout.until('paused');
      expect((await rollout.status()).next.sentence).toBe(
        'Somebody changed the flag: it is at 42 %, not at the 10 % we proved.',
      );
      expect(world.store.writes.map(({ percent }) => percent)).toEqual([0, 10]);
      world.state.beforeFlip = () => Promise.resolve();
      world.store.replaceDocument(proven);
    },
  });
  const refused = day.audit.filter(({ kind, data }) => kind === 'flip' && data['refused'] !== undefined);
  expect(refused.map(({ data }) => [data['percent'], data['refused']])).toEqual([[100, 'changed-since']]);
  expect(day.percents).toEqual([0, 10, 100]);
  expect(world.announcer.announcements.map(({ kind }) => kind)).toContain('paused');
});
