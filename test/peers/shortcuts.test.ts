/** What others' promote and skip were surprised by: a shortcut in time is none in evidence, and none after an abort. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { rollbackSignal, skipHoldUpdate } from '../../workflows/messages.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, greenSmoke, healthy, redSmoke } from '../support/a-world.js';
import { nextWorld } from '../support/next-world.js';
import { goAt, runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const nobodyAsked = aGate({ decision: null });
const skip = (rollout: Day) => rollout.send(skipHoldUpdate, { by: 'ola', reason: 'support goes home at four' });

it('peer 2 (Argo TestCanaryPromoteFull): every hold may be skipped, no gate and no decision; and nothing is promoted after a rollback', async () => {
  const asked: Record<string, number> = {};
  const world = aWorld({
    reading: (id, percent) => {
      const line = `${id} at ${String(percent)}`;
      asked[line] = (asked[line] ?? 0) + 1;
      return healthy;
    },
  });
  const plan = aPlan({ stages: [aStage(10, 12, nobodyAsked), aStage(50, 12), aStage(100, 12, nobodyAsked)] });
  const skipped = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.pass('15m');
      expect(await skip(rollout)).toMatchObject({ accepted: true });
      await rollout.pass('15m');
      expect(await rollout.status()).toMatchObject({ stage: 2, percent: { intended: 50, observed: 50 } });
      expect(await skip(rollout)).toMatchObject({ accepted: true });
      await rollout.pass('15m');
      expect(await rollout.status()).toMatchObject({ stage: 2, state: 'asking', percent: { observed: 50 } });
      await goAt(rollout, 2);
      await rollout.pass('15m');
      expect(await skip(rollout)).toMatchObject({ accepted: true });
    },
  });
  expect(skipped.percents).toEqual([0, 10, 50, 100]);
  const gates = skipped.audit.filter(({ kind, data }) => kind === 'verdict' && data['scope'] === 'gate');
  expect([...new Set(gates.map(({ data }) => `${String(data['stage'])} ${String(data['outcome'])}`))]).toEqual([
    '1 pass',
    '2 pass',
    '3 pass',
  ]);
  expect(asked).toMatchObject({ 'gate/autosave-success at 10': 1, 'gate/autosave-success at 100': 1 });

  world.store.replaceDocument({ flags: {} });
  const aborted = await runDay(env, {
    plan,
    world: nextWorld(world),
    people: async (rollout) => {
      await rollout.pass('15m');
      world.store.breakWith(new AdapterError('flag store local', 'unreachable', 'The store is away.'));
      await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'errors' });
      await expect.poll(async () => (await rollout.status()).state, { timeout: 20_000 }).toBe('needs-a-human');
      expect(await skip(rollout)).toMatchObject({ accepted: false });
      world.store.breakWith(null);
    },
  });
  expect(aborted.percents).toEqual([0, 10, 0]);
});

it('peer 46 (Flagger istio/test-skip-analysis): a skipped hold skips no check: a broken release goes back to 0 at the hold point', async () => {
  let runs = 0;
  const world = aWorld({
    smoke: () => {
      runs += 1;
      return runs === 1 ? greenSmoke : redSmoke;
    },
  });
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 12, aGate({ smoke: ['reporting'], decision: null })), aStage(100, 1)] }),
    world,
    people: async (rollout) => {
      await rollout.pass('15m');
      expect(await skip(rollout)).toMatchObject({ accepted: true });
    },
  });
  expect(runs).toBe(2);
  expect(day.percents).toEqual([0, 10, 0]);
  expect(day.moves).toEqual(['1 roll-back smoke']);
});
