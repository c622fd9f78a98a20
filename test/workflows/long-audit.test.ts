/** An audit longer than Temporal takes at once: archived in parts, and whole at the end. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sliceChars } from '../../src/core/audit-lines.js';
import { pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import { aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

it('is asked for once it is long, while the archive is down, and written in parts when it is back', async () => {
  const world = aWorld();
  world.state.beforePut = () => Promise.reject(new Error('no archive today'));
  const reason = 'x'.repeat(1_900);
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1)] }),
    world,
    people: async (rollout) => {
      await rollout.pass('15m');
      for (let count = 0; count < 160; count += 1) {
        await rollout.send(pauseUpdate, { by: 'sam', reason });
        await rollout.send(resumeUpdate, { by: 'sam', reason });
      }
      await rollout.pass('15m');
      world.state.beforePut = () => Promise.resolve();
      await goAt(rollout, 1);
    },
  });
  expect(day.result.outcome).toBe('completed');
  expect(JSON.stringify(day.audit).length).toBeGreaterThan(sliceChars);
  const [first, ...exports] = day.history.filter((line) => line.endsWith(' exportRecords'));
  // Asked for in the stage, and again at its end, when what waits makes two parts; the close adds the rest.
  expect(first).toBe('scheduled exportRecords');
  expect(exports.filter((line) => line === 'completed exportRecords').length).toBeGreaterThanOrEqual(3);
}, 60_000);
