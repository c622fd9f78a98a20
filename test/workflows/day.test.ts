import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { aPlan } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

it('a clean day goes 10, 25, 50, 100 with a go at each hold point', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ channels: ['room'] }),
    world,
    people: async (rollout) => {
      for (const stage of [1, 2, 3, 4]) {
        const answer = await goAt(rollout, stage, 'sam');
        expect(answer).toMatchObject({ accepted: true });
      }
    },
  });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  expect(day.percents).toEqual([0, 10, 25, 50, 100]);
  console.log(day.events, day.bytes, day.activities, day.moves, JSON.stringify(day.status.verdict));
});
