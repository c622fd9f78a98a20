/** A channel that is silent shows in the status, and the rollout goes its way. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

it('what a channel did not take is in the status, and nothing waited for it', async () => {
  const world = aWorld();
  world.state.beforeAnnounce = () =>
    Promise.reject(new AdapterError('channel room', 'not-configured', 'There is no such room.'));
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(100, 1, aGate({ decision: null }))], channels: ['room'] }),
    world,
    people: async (rollout) => {
      await rollout.until('holding');
      await expect
        .poll(async () => (await rollout.status()).silent, { timeout: 20_000 })
        .toMatchObject([{ channel: 'room', sentence: expect.stringMatching(/started, moved given up/) as string }]);
    },
  });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
});
