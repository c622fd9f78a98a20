/** The three workers of one process, one for each queue of a rollout. */
import { hostname } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { createActivities } from '../activities/create-activities.js';
import type { Config, DeploymentConfig } from './config.js';
import { checksQueue, guardQueue } from './core/names.js';
import type { Telemetry } from './telemetry.js';

interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly code: string;
  readonly telemetry: Telemetry;
  readonly activities: ReturnType<typeof createActivities>;
}

/**
 * The rollout queue has workflows and flag writes, and nothing slow. When a worker is killed, its rollouts go to another
 * one after the sticky timeout; a second and a half is short for a rollback and long for a busy worker.
 */
export async function createWorkers(
  { temporal: { taskQueue }, worker: { guardSlots, deployment } }: Config,
  { connection, namespace, code, telemetry, activities }: WorkerParts,
): Promise<Worker[]> {
  const shared = {
    connection,
    namespace,
    identity: `holdpoint-worker/${process.pid}@${hostname()}`,
    shutdownGraceTime: '2 s',
    shutdownForceTime: '10 s',
    // All three: activities follow their rollout's version only to queues which that version polls.
    ...(deployment === null ? {} : { workerDeploymentOptions: pinnedTo(deployment) }),
  } as const;
  const { claimFlag, flipFlag, writeSafeState, guard, ...rest } = activities;
  const workers: Worker[] = [];
  for (const options of [
    {
      taskQueue,
      activities: { claimFlag, flipFlag, writeSafeState },
      workflowBundle: { code },
      sinks: telemetry.sinks,
      stickyQueueScheduleToStartTimeout: '1500 ms',
      // A task that nobody takes within the sticky timeout goes to the common queue, which a busy SDK hardly asks: of a
      // hundred rollbacks at once some would wait for ten seconds. So many are taken at once, and wait here instead.
      workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 40 },
      maxConcurrentWorkflowTaskExecutions: 120,
      maxCachedWorkflows: cachedRollouts(getHeapStatistics().heap_size_limit),
    },
    { taskQueue: checksQueue(taskQueue), activities: rest },
    {
      taskQueue: guardQueue(taskQueue),
      activities: { guard },
      maxConcurrentActivityTaskExecutions: guardSlots,
      // A guard never ends by itself: the sooner it is let go, the sooner another worker has it.
      shutdownGraceTime: '50 ms',
    },
  ] as const) {
    workers.push(await Worker.create({ ...shared, ...options }));
  }
  return workers;
}

/**
 * How many open rollouts stay in memory; one more is replayed when its turn comes. An open rollout takes 0.2 MiB of the workflow
 * thread's heap at first and half a MiB after six hours of a look each minute, when it goes on in a new run; that heap
 * has the same limit as this one. The SDK's own rule, 600 for a GiB beyond 200 MiB, supposes three times that.
 */
export const cachedRollouts = (heapLimitBytes: number): number =>
  Math.max(100, Math.floor(2 * (heapLimitBytes / 2 ** 20 - 100)));

const pinnedTo = ({ name, buildId }: DeploymentConfig) =>
  ({
    version: { deploymentName: name, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  }) as const;
