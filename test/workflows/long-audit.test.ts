/** An audit longer than Temporal takes at once: archived in parts, and whole at the end, whoever keeps it. */
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sliceChars } from '../../src/core/audit-lines.js';
import { commsPack } from '../../src/core/comms.js';
import { reviewItem, reviewPack } from '../../src/core/review.js';
import { sendUpdate } from '../../workflows/comms-messages.js';
import type { comms } from '../../workflows/comms.js';
import { attestUpdate, auditQuery, pauseUpdate, resumeUpdate } from '../../workflows/messages.js';
import type { review } from '../../workflows/review.js';
import { aMessage } from '../support/a-message.js';
import { aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { assertPack, packIn } from '../support/archived-pack.js';
import { historyLines } from '../support/history-lines.js';
import { replay } from '../support/replay.js';
import { goAt, runDay } from '../support/run-day.js';
import { openTimeSkipping, startWorkers, type RunningWorkers } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
let workers: RunningWorkers | null = null;
afterEach(async () => {
  await workers?.stop();
  workers = null;
});
afterAll(() => env.teardown());

const partsIn = (history: readonly string[]): number =>
  history.filter((line) => line === 'completed exportRecords').length;

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
  const [first] = day.history.filter((line) => line.endsWith(' exportRecords'));
  // Asked for in the stage, and again at its end, when what waits makes two parts; the close adds the rest.
  expect(first).toBe('scheduled exportRecords');
  expect(partsIn(day.history)).toBeGreaterThanOrEqual(3);
}, 60_000);

/** The whole audit is in the archive, and no part of it was longer than one that is handed over. */
async function assertParts(
  world: ReturnType<typeof aWorld>,
  handle: WorkflowHandle<typeof comms | typeof review>,
  pack: string,
): Promise<void> {
  const audit = await handle.query(auditQuery);
  const chars = JSON.stringify(audit).length;
  expect(chars).toBeGreaterThan(2 * sliceChars);
  assertPack(packIn(world.archive, pack), {
    outcome: 'completed',
    percent: 0,
    reason: '',
    auditHead: audit.at(-1)?.hash ?? '',
    receipt: null,
  });
  const history = await handle.fetchHistory();
  expect(partsIn(historyLines(history.events ?? []))).toBeGreaterThanOrEqual(Math.ceil(chars / sliceChars));
  await replay(history, handle.workflowId);
}

it('is no longer for messages', async () => {
  const world = aWorld();
  workers = await startWorkers(env, { taskQueue: 'messages', activities: world.activities, cache: true });
  const input = { environment: 'production', flag: 'saves' };
  const handle = await env.client.workflow.start<typeof comms>('comms', {
    workflowId: 'comms/production/saves',
    taskQueue: 'messages',
    args: [input],
  });
  // An update is owed until the last of them.
  const nextUpdateAt = new Date((await env.currentTimeMs()) + 3_600_000).toISOString();
  for (let count = 6; count >= 0; count -= 1) {
    const notice = { moment: 'incident-update' as const, text: `${count} ${'x'.repeat(160_000)}` };
    await handle.executeUpdate(sendUpdate, {
      args: [aMessage({ notice, nextUpdateAt: count === 0 ? null : nextUpdateAt })],
    });
  }
  expect(await handle.result()).toMatchObject({ sent: 7 });
  await assertParts(world, handle, commsPack(input, handle.firstExecutionRunId));
}, 60_000);

it('is no longer for a review', async () => {
  const world = aWorld();
  workers = await startWorkers(env, { taskQueue: 'reviews', activities: world.activities, cache: true });
  const at = new Date(await env.currentTimeMs()).toISOString();
  const breakGlass = { id: '77', environment: 'production', by: 'ola', reason: 'Temporal was away', at };
  const input = { store: 'local', key: 'saves', breakGlass };
  const handle = await env.client.workflow.start<typeof review>('review', {
    workflowId: 'review/production/saves/77',
    taskQueue: 'reviews',
    args: [input],
  });
  // Refused, and kept: a line of JSON holds each of these characters as six.
  const item = '\u0001'.repeat(2_000);
  for (let count = 0; count < 90; count += 1) {
    await handle.executeUpdate(attestUpdate, { args: [{ item, by: 'kim' }] });
  }
  await handle.executeUpdate(attestUpdate, { args: [{ item: reviewItem, by: 'kim' }] });
  expect(await handle.result()).toMatchObject({ outcome: 'reviewed' });
  await assertParts(world, handle, reviewPack(input));
}, 60_000);
