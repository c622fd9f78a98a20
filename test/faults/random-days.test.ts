/** Days nobody planned, each from a seed; what must hold of every rollout holds of these. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aRandomDay } from '../support/random-day.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

/** `HOLDPOINT_SEEDS=7` plays one again, `HOLDPOINT_SEEDS=1-1000` many. */
const [first = 1, last = first] = (process.env['HOLDPOINT_SEEDS'] ?? '1-12').split('-').map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

let env: TestWorkflowEnvironment;
// One each: with nothing left to run the server's clock leaps years ahead.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

it.each(seeds)('seed %i', async (seed) => {
  const script = aRandomDay(seed);
  const { result, percents } = await runDay(env, script);
  expect(['completed', 'rolled-back']).toContain(result.outcome);
  if (result.outcome === 'rolled-back' && result.receipt !== null) expect(percents.at(-1) ?? 0).toBe(0);
});
