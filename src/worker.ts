/** The composition root: one process that runs rollouts, from configuration to three running workers. */
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.js';
import type { AdapterError } from './adapters/adapter-error.js';
import { openAdapters } from './adapters/open.js';
import type { Config } from './config.js';
import { countErrors, type CountError } from './counted-adapters.js';
import { sayWhenNotCurrent } from './current-version.js';
import type { Environment } from './fill-environment.js';
import { openLog, secretsIn, type Logger } from './log.js';
import { serveMetrics, type MetricsServer } from './metrics-server.js';
import { keepReviewsOpen, type ReviewKeeper } from './missing-reviews.js';
import { watchOrphans, type OrphanWatch } from './orphan-watch.js';
import { createOwnerCheck } from './owner-check.js';
import { RolloutError } from './rollout-error.js';
import { registerSearchAttributes } from './search-attributes.js';
import { seldom } from './seldom.js';
import { openTelemetry, type Telemetry } from './telemetry.js';
import { knock, resolveTemporal, type TemporalAddress } from './temporal-address.js';
import { grpcCodeOf, reachOf, rootOf } from './temporal-reach.js';
import { installRuntime } from './temporal-runtime.js';
import { createWorkers } from './worker-queues.js';

export interface WorkerSurroundings {
  readonly env: Environment;
  /** Logs and console channels. */
  readonly talk: Writable;
}

export interface RunningWorker {
  /** Null when they are not served. */
  readonly metricsUrl: string | null;
  /** Lets what is in flight finish for a moment, then ends. May be called twice. */
  stop(): Promise<void>;
  /** Settles when the worker has ended; rejects when it ended by itself. */
  readonly done: Promise<void>;
}

/** Throws `RolloutError`: `unreachable` when the server is down or does not let us in, `configuration` for the rest. */
export async function startWorker(config: Config, { env, talk }: WorkerSurroundings): Promise<RunningWorker> {
  const log = openLog(talk, { level: env['HOLDPOINT_LOG_LEVEL'] ?? 'info', secrets: secretsIn(config) });
  const temporal = await resolveTemporal(config.temporal);
  const code = await readBundle();
  await knock(temporal);
  installRuntime(log, config.worker.sdkMetricsAddress);
  const telemetry = openTelemetry();
  const metrics = await openMetrics(config.worker.metricsAddress, telemetry);
  const connection = await connect(temporal).catch(async (error: unknown) => {
    await metrics?.close();
    throw error;
  });
  try {
    await registerAttributes(connection, temporal.namespace, log);
    const client = new Client({ connection, namespace: temporal.namespace });
    const isNews = seldom(60_000);
    const count: CountError = (adapter, reason, detail) => {
      telemetry.adapterFailed(adapter, reason);
      if (isNews(`${adapter}/${reason}`))
        log.warn({ adapter, reason, detail }, 'An adapter failed. Repetitions are only counted.');
    };
    const onTrouble = ({ adapter, reason, message }: AdapterError): void => count(adapter, reason, message);
    const adapters = countErrors(openAdapters(config, { env, talk, onTrouble }), count);
    const activities = createActivities({
      ...adapters,
      review: config.worker.review,
      isOwnerOpen: createOwnerCheck(client),
      now: Date.now,
    });
    const workers = await createWorkers(config, {
      connection,
      namespace: temporal.namespace,
      code,
      telemetry,
      activities,
    });
    const orphans = await watchOrphans({ ...adapters, client, telemetry, log });
    const { taskQueue } = config.temporal;
    const { deployment } = config.worker;
    const {
      namespace,
      connection: { address },
    } = temporal;
    log.info({ address, namespace, taskQueue, deployment, metrics: metrics?.url ?? null }, 'The worker runs.');
    if (deployment !== null) await sayWhenNotCurrent(deployment, { connection, address, namespace }, log);
    const reviews = keepReviewsOpen({
      reach: reachOf({ client, address, namespace, taskQueue }, () => Promise.resolve()),
      flagStores: adapters.flagStores,
      archive: adapters.archive,
      log,
    });
    return run(workers, { connection, metrics, orphans, reviews, log });
  } catch (error) {
    await connection.close();
    await metrics?.close();
    throw toStartError(error, temporal);
  }
}

async function openMetrics(address: string | null, telemetry: Telemetry): Promise<MetricsServer | null> {
  if (address === null) return null;
  try {
    return await serveMetrics(address, telemetry);
  } catch (error) {
    throw new RolloutError(
      'configuration',
      `The worker's metrics cannot be served at ${address}: ${(error as Error).message}. Correct worker.metricsAddress, or stop what uses that port.`,
      { cause: error },
    );
  }
}

async function connect({ connection }: TemporalAddress): Promise<NativeConnection> {
  try {
    // Compression, the SDK's default, takes 380 KB for each call however small it is, and ours are.
    return await NativeConnection.connect({ ...connection, grpcCompression: { codec: 'none' } });
  } catch (error) {
    throw new RolloutError(
      'unreachable',
      `Temporal at ${connection.address} does not let us in: ${rootOf(error).message}. Check the address, tls and apiKey in the configuration.`,
      { cause: error },
    );
  }
}

/** permission denied, unimplemented, unauthenticated: a hosted server that leaves this to its own console. */
const notOurs: readonly number[] = [7, 12, 16];

async function registerAttributes(connection: NativeConnection, namespace: string, log: Logger): Promise<void> {
  try {
    await registerSearchAttributes(connection, namespace);
  } catch (error) {
    if (!notOurs.includes(grpcCodeOf(error) ?? 0)) throw error;
    log.warn(
      { why: rootOf(error).message },
      'The search attributes RolloutFlag, RolloutEnvironment, RolloutState (Keyword) and RolloutPercent (Double) cannot be registered from here. Make sure that they exist.',
    );
  }
}

interface WorkerCompany {
  readonly connection: NativeConnection;
  readonly metrics: MetricsServer | null;
  readonly orphans: OrphanWatch;
  readonly reviews: ReviewKeeper;
  readonly log: Logger;
}

function run(workers: readonly Worker[], { connection, metrics, orphans, reviews, log }: WorkerCompany): RunningWorker {
  const shutdown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map(async (worker) => {
    try {
      await worker.run();
    } finally {
      // One queue without a worker is worse than none: then another process must take over all three.
      shutdown();
    }
  });
  const done = (async () => {
    const ends = await Promise.allSettled(runs);
    await orphans.stop();
    reviews.stop();
    await connection.close();
    await metrics?.close();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    log.info('The worker has stopped.');
  })();
  done.catch((error: unknown) => log.error({ err: error }, 'The worker ended by itself.'));
  return {
    metricsUrl: metrics?.url ?? null,
    stop: async () => {
      shutdown();
      await done.catch(() => undefined);
    },
    done,
  };
}

/** Beside the compiled files, or, when run from the sources, where the build puts it. */
async function readBundle(): Promise<string> {
  for (const place of ['../workflow-bundle.js', '../dist/workflow-bundle.js']) {
    const code = await readFile(new URL(place, import.meta.url), 'utf8').catch(() => null);
    if (code !== null) return code;
  }
  throw new RolloutError('configuration', 'The workflow bundle is missing. Build it: npm run build');
}

function toStartError(error: unknown, { connection, namespace }: TemporalAddress): Error {
  if (error instanceof RolloutError) return error;
  const { message } = rootOf(error);
  const why = /namespace.*not found/i.test(message)
    ? `has no namespace "${namespace}"`
    : `refuses the worker: ${message}`;
  return new RolloutError(
    'unreachable',
    `Temporal at ${connection.address} ${why}. Correct temporal in the configuration.`,
    {
      cause: error,
    },
  );
}
