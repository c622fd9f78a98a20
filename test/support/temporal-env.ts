/** Temporal servers and workers for tests: the production bundle on both servers. */
import { Worker } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { registerSearchAttributes } from '../../src/search-attributes.js';
import { checksQueue, guardQueue } from '../../src/core/names.js';
import { productionBundle, silentTelemetry } from './replay.js';

declare module 'vitest' {
  interface ProvidedContext {
    bundlePath: string;
    cliPath: string;
    temporalPath: string;
    testServerPath: string;
  }
}

export async function openTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('testServerPath') } },
  });
  await registerSearchAttributes(env.connection, 'default');
  return env;
}

export interface RunningWorkers {
  stop(): Promise<void>;
}

interface WorkerParts {
  readonly taskQueue: string;
  readonly activities: object;
  readonly cache: boolean;
  /** Another bundle than what was built. */
  readonly code?: string;
}

/** The three queues of one worker process. */
export async function startWorkers(
  env: TestWorkflowEnvironment,
  { taskQueue, activities, cache, code = productionBundle() }: WorkerParts,
): Promise<RunningWorkers> {
  const shared = { connection: env.nativeConnection, activities, shutdownForceTime: '5 s' as const };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue,
      workflowBundle: { code },
      stickyQueueScheduleToStartTimeout: '2 s',
      sinks: silentTelemetry,
      ...(cache ? {} : { maxCachedWorkflows: 0 }),
    }),
    Worker.create({ ...shared, taskQueue: checksQueue(taskQueue) }),
    Worker.create({ ...shared, taskQueue: guardQueue(taskQueue) }),
  ]);
  const running = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
    },
  };
}
