/** The day as everybody hopes for it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aPlan } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { everyGo, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

it('a clean day goes 10, 25, 50, 100 with a go at each hold point', async () => {
  const day = await runDay(env, { name: 'clean-day', plan: aPlan(), world: aWorld(), people: everyGo(1, 2, 3, 4) });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  expect(day.percents).toEqual([0, 10, 25, 50, 100]);
  expect(day.moves).toEqual([
    '1 ask people',
    '1 advance clear',
    '2 wait hold',
    '2 ask people',
    '2 advance clear',
    '3 wait hold',
    '3 ask people',
    '3 advance clear',
    '4 wait hold',
    '4 ask people',
    '4 complete clear',
  ]);
  expect(day.audit.at(-1)?.hash).toBe(day.result.auditHead);
  expect(day.events).toBeLessThanOrEqual(1_200);
});
