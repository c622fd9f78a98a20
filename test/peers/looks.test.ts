/** What others' analysis runs were surprised by: how often numbers are asked, and what an answer may do. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Reading } from '../../src/core/sample.js';
import { aCheck, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, greenSmoke, healthy, noData, type World } from '../support/a-world.js';
import { everyGo, goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const nobodyAsked = aGate({ decision: null });

/** A world that counts what it is asked, as `<query> at <percent>`. */
function countingWorld(answer: (id: string, percent: number | null) => Reading = () => healthy) {
  const asked: Record<string, number> = {};
  const world = aWorld({
    reading: (id, percent) => {
      const line = `${id} at ${String(percent)}`;
      asked[line] = (asked[line] ?? 0) + 1;
      return answer(id, percent);
    },
  });
  return { world, asked };
}

it('peer 11 (Argo TestCanaryBackgroundAnalysis): one watch spans every stage, and each of its looks is counted', async () => {
  const { world, asked } = countingWorld();
  const stages = [aStage(10, 1, nobodyAsked), aStage(50, 1, nobodyAsked), aStage(100, 1, nobodyAsked)];
  const day = await runDay(env, { plan: aPlan({ stages }), world, people: async () => {} });
  expect(day.percents).toEqual([0, 10, 50, 100]);
  expect(asked).toEqual({
    'watch/autosave-success at 10': 4,
    'gate/autosave-success at 10': 1,
    'watch/autosave-success at 50': 4,
    'gate/autosave-success at 50': 1,
    'watch/autosave-success at 100': 4,
    'gate/autosave-success at 100': 1,
  });
  expect(world.archive.files.size).toBeGreaterThanOrEqual(12);
});

it('peer 12 (Argo TestCanaryInconclusiveBackgroundAnalysis): what cannot be told holds at the stage and says why', async () => {
  const world = aWorld({ reading: (id) => (id.startsWith('gate/') ? noData : healthy) });
  const stages = [aStage(10, 1, nobodyAsked), aStage(100, 1, nobodyAsked)];
  const day = await runDay(env, {
    plan: aPlan({ stages }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      expect(await rollout.status()).toMatchObject({
        stage: 1,
        percent: { intended: 10, observed: 10 },
        verdict: { outcome: 'inconclusive', headline: 'autosave-success: no data in 1 h 30 min.' },
        next: { move: 'ask', sentence: 'Cannot tell for 30 min: autosave-success: no data in 1 h 30 min.' },
      });
      world.state.reading = () => healthy;
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  expect(day.moves).toEqual(['1 wait gate', '1 ask cannot-tell', '1 advance clear', '2 wait hold', '2 complete clear']);
});

it('peer 13 (Argo TestCanaryInlineAnalysis): a hold point is judged once, not once for each person or message', async () => {
  const { world, asked } = countingWorld();
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1, nobodyAsked)] }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      const before = asked['gate/autosave-success at 10'];
      for (const role of ['chef', 'sre', 'release-manager'])
        await rollout.decide({ decision: 'go', by: 'dana', role, stage: 1 });
      expect(asked['gate/autosave-success at 10']).toBe(before);
      await rollout.decide({ decision: 'go', by: 'sam', role: 'release-manager', stage: 1 });
    },
  });
  const gates = day.audit.filter(({ kind, data }) => kind === 'verdict' && data['scope'] === 'gate');
  // The second look at stage 1 is the one that makes sure: a minute after the first, its numbers are old.
  expect(gates.map(({ data }) => data['stage'])).toEqual([1, 1, 2]);
  expect(asked).toMatchObject({ 'gate/autosave-success at 10': 2, 'gate/autosave-success at 100': 1 });
});

it('peer 14 (Argo TestCanaryFailInlineMultipleAnalysis): one failing check of many takes the flag to 0 and is named', async () => {
  const names = ['autosave-success', 'export-success', 'sign-success'];
  const checks = Object.fromEntries(names.map((name) => [name, aCheck(name, { consecutive: 1 })]));
  const world = aWorld({ reading: (id) => (id === 'watch/export-success' ? failing : healthy) });
  const plan = aPlan({ checks, watch: { everyMs: 900_000, guardMs: 15_000, checks: names } });
  const day = await runDay(env, { plan, world, people: async () => {} });
  expect(day.percents).toEqual([0, 10, 0]);
  expect(day.moves).toEqual(['1 roll-back breach']);
  expect(day.result.reason).toBe('export-success is 90 %, limit at least 99.5 % over 10,000 events in 15 min.');
});

it('peer 16 (Argo TestBlueGreenPostPromotionFail): a breach after 100 percent, in the bake, goes back to 0', async () => {
  const checks = { 'autosave-success': aCheck('autosave-success', { consecutive: 1 }) };
  const stages = [aStage(10, 1, nobodyAsked), aStage(100, 4, nobodyAsked)];
  const world = aWorld({ reading: (_, percent) => (percent === 100 ? failing : healthy) });
  const day = await runDay(env, { plan: aPlan({ checks, stages }), world, people: async () => {} });
  expect(day.percents).toEqual([0, 10, 100, 0]);
  expect(day.moves).toEqual(['1 advance clear', '2 wait hold', '2 roll-back breach']);
  expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
});

it('peer 23 (Argo BackgroundAnalysisInvalidImageJob): a smoke suite that cannot be run is neither green nor red: held, and people are asked', async () => {
  const world = aWorld({ smoke: () => ({ outcome: 'unavailable', steps: [], detail: 'the file is missing' }) });
  const stages = [aStage(10, 1, aGate({ smoke: ['reporting'], decision: null })), aStage(100, 1, nobodyAsked)];
  const day = await runDay(env, {
    plan: aPlan({ stages }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      expect((await rollout.status()).next.sentence).toContain(
        'Smoke suite reporting could not be run (the file is missing).',
      );
      world.state.smoke = () => greenSmoke;
    },
  });
  expect(day.moves.slice(0, 4)).toEqual(['1 wait gate', '1 ask cannot-tell', '1 advance clear', '2 wait hold']);
  expect(day.percents).toEqual([0, 10, 100]);
});

it('peer 39 (Argo DryRunMetrics): a check that only observes fails all day, is recorded, and stops nothing', async () => {
  const checks = {
    'autosave-success': aCheck('autosave-success'),
    'new-metric': aCheck('new-metric', { severity: 'observe', consecutive: 1 }),
  };
  const gate = aGate({ checks: ['autosave-success', 'new-metric'] });
  const world = aWorld({ reading: (id) => (id.endsWith('new-metric') ? failing : healthy) });
  const day = await runDay(env, {
    plan: aPlan({
      checks,
      channels: ['room'],
      watch: { everyMs: 900_000, guardMs: 15_000, checks: Object.keys(checks) },
      stages: [aStage(10, 1, gate), aStage(100, 1, gate)],
    }),
    world,
    people: everyGo(1, 2),
  });
  expect(day.percents).toEqual([0, 10, 100]);
  const verdicts = day.audit.filter(({ kind }) => kind === 'verdict');
  expect([...new Set(verdicts.map(({ data }) => data['outcome']))]).toEqual(['pass']);
  const gates = verdicts.filter(({ data }) => data['scope'] === 'gate');
  for (const { data } of gates)
    expect(data['findings']).toContainEqual(
      expect.objectContaining({ check: 'new-metric', scope: 'gate', outcome: 'fail', severity: 'observe' }),
    );
  expect(gates.length).toBeGreaterThanOrEqual(2);
  expect(kindsTold(world)).not.toContain('warning');
});

const kindsTold = ({ announcer }: World) => announcer.announcements.map(({ kind }) => kind);

it('peer 52 (GrowthBook "holds for stale analysis"): a go on old numbers makes a new look, and only that may move the flag', async () => {
  const world = aWorld();
  const checks = { 'autosave-success': aCheck('autosave-success', { severity: 'block' }) };
  const day = await runDay(env, {
    plan: aPlan({ checks, stages: [aStage(10, 1), aStage(100, 1, nobodyAsked)] }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      expect((await rollout.status()).verdict?.outcome).toBe('pass');
      world.state.reading = () => failing;
      expect(await rollout.decide({ decision: 'go', by: 'sam' })).toMatchObject({ accepted: true });
      await rollout.pass('15m');
      expect(await rollout.status()).toMatchObject({
        stage: 1,
        percent: { intended: 10, observed: 10 },
        verdict: { outcome: 'fail' },
        asked: { decisions: [] },
      });
      world.state.reading = () => healthy;
      await goAt(rollout, 1);
    },
  });
  expect(day.moves.slice(0, 4)).toEqual(['1 ask people', '1 wait gate', '1 ask gate', '1 advance clear']);
  expect(day.percents).toEqual([0, 10, 100]);
});

it('peer 56 (GrowthBook "holds when totalUsers is below minSampleSize"): too few events wait, say how long about, and pass at exactly the number asked for', async () => {
  let events = 310;
  const world = aWorld({
    reading: (id) => (id.startsWith('gate/') ? { kind: 'value', value: 0.999, raw: '0.999', events } : healthy),
  });
  const checks = { 'autosave-success': aCheck('autosave-success', { minEvents: 4_000 }) };
  const day = await runDay(env, {
    plan: aPlan({ checks, stages: [aStage(10, 1, nobodyAsked), aStage(100, 1, nobodyAsked)] }),
    world,
    people: async (rollout) => {
      await rollout.pass('1h');
      expect((await rollout.status()).verdict?.headline).toBe(
        'autosave-success needs 4,000 events, has 310 in 1 h, about 11 h 54 min to go.',
      );
      events = 3_999;
      await rollout.pass('15m');
      expect(await rollout.status()).toMatchObject({ stage: 1, percent: { intended: 10, observed: 10 } });
      events = 4_000;
    },
  });
  expect(day.percents).toEqual([0, 10, 100]);
  expect(day.moves.slice(0, 2)).toEqual(['1 wait gate', '1 advance clear']);
});
