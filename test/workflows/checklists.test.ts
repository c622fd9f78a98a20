/** Checklists: probes that look, due times that are told, and what is left to attest after the bake. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { attestUpdate, requestRollbackUpdate, whyQuery } from '../../workflows/messages.js';
import { aGate, anItem, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, healthy, noData } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const hour = 3_600_000;
const quick = [aStage(10, 1, aGate({ decision: null })), aStage(100, 1, aGate({ decision: null }))];
const preflight = (...checklist: ReturnType<typeof anItem>[]) => aGate({ checks: [], checklist, decision: null });

it('a probe holds preflight until the metrics have data, and says which have none', async () => {
  const world = aWorld({ reading: () => noData });
  const dashboards = anItem('dashboards', { title: 'Dashboard shows data', role: null, probe: 'metrics-have-data' });
  const flag = anItem('flag', { title: 'The flag reads back', role: null, probe: 'flag-reads-back' });
  const day = await runDay(env, {
    plan: aPlan({ stages: quick, preflight: preflight(dashboards, flag) }),
    world,
    people: async (rollout) => {
      await rollout.pass('1h');
      const status = await rollout.status();
      expect(status).toMatchObject({ stage: 0, state: 'asking', percent: { observed: 0 } });
      expect(status.asked?.probes).toEqual([
        expect.objectContaining({ id: 'dashboards', detail: 'autosave-success has no data' }),
      ]);
      expect((await rollout.handle.query(whyQuery)).blockers).toContainEqual(
        expect.objectContaining({
          kind: 'checklist',
          sentence: 'Dashboard shows data (autosave-success has no data)',
        }),
      );
      expect(await rollout.send(attestUpdate, { item: 'dashboards', by: 'kim' })).toMatchObject({
        accepted: false,
        reason: expect.stringContaining('answered by the probe'),
      });
      world.state.reading = () => healthy;
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  const answers = day.audit.filter(({ kind }) => kind === 'probe').map(({ data }) => [data['item'], data['ok']]);
  expect(answers).toEqual([
    ['dashboards', false],
    ['flag', true],
    ['dashboards', true],
  ]);
});

it('while it waits for its start, items are attested, and one that is late is told once', async () => {
  const world = aWorld();
  const startAt = new Date((await env.currentTimeMs()) + 8 * hour).toISOString();
  const audit = anItem('audit', { title: 'Security audit clean', role: 'security', dueMs: -4 * hour });
  const day = await runDay(env, {
    plan: aPlan({ stages: quick, startAt, channels: ['room'], preflight: preflight(audit, anItem('on-call')) }),
    world,
    people: async (rollout) => {
      await rollout.until('waiting');
      expect(await rollout.send(attestUpdate, { item: 'on-call', by: 'kim' })).toMatchObject({ accepted: true });
      expect((await rollout.status()).asked?.checklist).toEqual([
        expect.objectContaining({ id: 'audit', due: new Date(Date.parse(startAt) - 4 * hour).toISOString() }),
      ]);
      await rollout.pass('4h');
      await rollout.pass('1h');
      expect(await rollout.status()).toMatchObject({ state: 'waiting' });
      expect(await rollout.send(attestUpdate, { item: 'audit', by: 'ida' })).toMatchObject({ accepted: true });
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  const late = world.announcer.announcements.filter(({ kind }) => kind === 'reminder');
  expect(late).toEqual([expect.objectContaining({ who: ['security'], what: expect.stringContaining('not attested') })]);
});

it('after the bake the flag stays up and can be taken back, until everything is attested', async () => {
  const after = [anItem('retrospective', { title: 'Retrospective scheduled', dueMs: 24 * hour })];
  const day = await runDay(env, {
    plan: aPlan({ stages: quick, after }),
    world: aWorld(),
    people: async (rollout) => {
      await rollout.until('asking');
      expect(await rollout.status()).toMatchObject({ stage: 2, percent: { observed: 100 } });
      const late = await rollout.decide({ decision: 'no-go', by: 'sam', role: 'release-manager' });
      expect(late).toMatchObject({ accepted: false, reason: expect.stringContaining('passed its last gate') });
      await rollout.send(attestUpdate, { item: 'retrospective', by: 'kim' });
    },
  });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  expect(day.result.reason).not.toContain('Not attested');

  const back = await runDay(env, {
    plan: aPlan({ stages: quick, after }),
    world: aWorld(),
    people: async (rollout) => {
      await rollout.until('asking');
      await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'support calls' });
    },
  });
  expect(back.percents).toEqual([0, 10, 100, 0]);
});

it('a closing list that nobody attests ends the rollout when it is due, and says so; the flag stays', async () => {
  const after = [anItem('retrospective', { title: 'Retrospective scheduled', dueMs: 24 * hour })];
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ stages: quick, after, channels: ['room'], deadlineMs: 4 * hour }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  expect(day.result).toMatchObject({
    outcome: 'completed',
    reason: 'The bake is over and everything passes. Not attested: Retrospective scheduled.',
  });
  expect(world.announcer.announcements.filter(({ kind }) => kind === 'reminder')).toHaveLength(1);
});

it('an item that is due before its hold point is told in the hold', async () => {
  const gate = aGate({ checklist: [anItem('support', { title: 'Support is briefed', dueMs: -2 * hour })] });
  const world = aWorld();
  await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 4, gate), ...quick.slice(1)], channels: ['room'] }),
    world,
    people: async (rollout) => {
      await rollout.pass('2h');
      await rollout.pass('15m');
      expect(await rollout.status()).toMatchObject({ state: 'holding' });
      expect(world.announcer.announcements.filter(({ kind }) => kind === 'reminder')).toHaveLength(1);
      await rollout.send(attestUpdate, { item: 'support', by: 'kim' });
      await goAt(rollout, 1);
    },
  });
});
