/** How an owner stands after its rollout continued as new and another run took its name: workflow tasks answered by hand. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rolloutOwner } from '../src/core/names.js';
import { ownerStanding } from '../src/owner-standing.js';
import { openReach, type TemporalReach } from '../src/temporal-reach.js';
import { openDevServer, type DevServer } from './support/dev-server.js';

const workflowId = 'rollout/production/long';
const taskQueue = 'by-hand';

let server: DevServer;
let reach: TemporalReach;

beforeAll(async () => {
  server = await openDevServer();
  const { address } = server;
  reach = await openReach({ address, namespace: null, taskQueue, profile: null, apiKey: null, tls: null });
});
afterAll(async () => {
  await reach?.close();
  await server?.stop();
});

const start = async (type = 'rollout'): Promise<string> =>
  (await reach.client.workflow.start(type, { workflowId, taskQueue })).firstExecutionRunId;

/** `temporal.api.enums.v1.CommandType` */
const continueAsNew = 10;

async function continueOpenRun(): Promise<void> {
  const { workflowService } = reach.client;
  const { namespace } = reach;
  const task = await reach.client.withDeadline(Date.now() + 10_000, () =>
    workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
  );
  await workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken: task.taskToken,
    commands: [
      {
        commandType: continueAsNew,
        continueAsNewWorkflowExecutionCommandAttributes: {
          workflowType: { name: 'rollout' },
          taskQueue: { name: taskQueue },
        },
      },
    ],
  });
}

const standing = async (runId: string) => ownerStanding(reach.client, rolloutOwner(`${workflowId}@${runId}`)!);
const terminate = (): Promise<unknown> => reach.client.workflow.getHandle(workflowId).terminate('by hand');

it('is that of the last run of its own chain, also when a later rollout of the flag is the newest', async () => {
  expect(await standing('no-such-run')).toBeNull();
  const owner = await start();
  expect(await standing('no-such-run')).toBeNull();
  expect(await standing('3f1b0a9e-5d0f-4c3e-9a57-0d6b8f0f6a11')).toBeNull();
  await continueOpenRun();
  await continueOpenRun();
  expect(await standing(owner)).toEqual({ kind: 'open' });
  await terminate();
  const closed = { kind: 'closed', how: 'terminated', percent: null, at: expect.any(String) as string };
  expect(await standing(owner)).toEqual(closed);
  const next = await start();
  expect(await standing(owner)).toEqual(closed);
  expect(await standing(next)).toEqual({ kind: 'open' });
  await terminate();
});

it('is open while a short run of another kind takes the flag back under its name', async () => {
  const owner = await start();
  await terminate();
  await start('revert');
  expect(await standing(owner)).toEqual({ kind: 'open' });
  await terminate();
  expect(await standing(owner)).toMatchObject({ kind: 'closed', how: 'terminated' });
});

it('cannot be told when the server is gone', async () => {
  await server.stop();
  await expect(standing('any')).rejects.toThrow();
});
