/** What people reported of other tools, beyond their own tests. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMemoryFlagStore } from '../../src/adapters/flags/memory-flag-store.js';
import type { Reading } from '../../src/core/sample.js';
import { judge } from '../../src/core/verdict.js';
import { aCheck, aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, down, failing, noData } from '../support/a-world.js';
import { back, claim, climb, flip, other, owner, taken } from '../support/contracts/flag-store-contract.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

it('fluxcd/flagger#1801: a breach while people are asked rolls back without waiting for their answer', async () => {
  const world = aWorld();
  const gate = aGate({ decision: aDecision({ deadlineMs: 12 * 3_600_000 }) });
  const day = await runDay(env, {
    plan: aPlan({
      checks: { 'autosave-success': aCheck('autosave-success', { consecutive: 2 }) },
      stages: [aStage(10, 1, gate), aStage(100, 1)],
    }),
    world,
    people: async (rollout) => {
      await rollout.until('asking');
      world.state.reading = () => failing;
    },
  });
  expect(day.moves).toEqual(['1 ask people', '1 ask gate', '1 roll-back breach']);
  expect(day.percents).toEqual([0, 10, 0]);
});

it('argoproj/argo-rollouts#4479: a check that was never answered does not pass, however often it was asked', () => {
  const plan = aPlan();
  const at = '2026-12-01T12:00:00.000Z';
  const silence: readonly Reading[] = [
    down,
    noData,
    { kind: 'invalid', reason: 'nan', detail: 'NaN' },
    { kind: 'invalid', reason: 'several-series', detail: '2 series' },
    { kind: 'unavailable', reason: 'partial', detail: 'a warning' },
  ];
  for (const reading of silence) {
    const samples = [1, 2, 3, 4].map((hours) => ({
      check: 'autosave-success',
      scope: 'gate' as const,
      at: `2026-12-01T0${hours}:00:00.000Z`,
      windowMs: 900_000,
      reading,
    }));
    const base = {
      at,
      stage: 1,
      percent: 10,
      flippedAt: null,
      scope: 'gate',
      flag: null,
      smoke: [],
      streaks: {},
    } as const;
    expect(judge(plan, { ...base, samples }).verdict.outcome).toBe('inconclusive');
  }
});

it('argoproj/argo-rollouts#2117: an older run that still lives can move nothing once a newer one has claimed the flag', async () => {
  const store = openMemoryFlagStore();
  const { receipt } = await climb(store, 10);
  await taken(store.writeSafeState(back()));
  const newer = await taken(store.claim(claim({ owner: other, replaces: owner })));
  const late = [
    store.flip(flip({ percent: 25, expectedRevision: receipt.revision })),
    store.flip(flip({ percent: 25, expectedRevision: newer.receipt.revision })),
    store.writeSafeState(back({ asked: 'automatic' })),
  ];
  expect((await Promise.all(late)).map((answer) => (answer.kind === 'refused' ? answer.why : 'written'))).toEqual([
    'fence-lost',
    'fence-lost',
    'owned-by-another',
  ]);
  expect(store.writes.map(({ percent, fence }) => [percent, fence])).toEqual([
    [0, 1],
    [10, 1],
    [0, 2],
    [0, 3],
  ]);
});
