/** Everything on one machine: Temporal, Prometheus, a target service with traffic, and a worker in this process. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { loadConfig, type Config } from '../config.js';
import { startTraffic, type Traffic } from '../demo/traffic.js';
import { renderProblem } from '../documents/problem.js';
import { startWorker } from '../worker.js';
import { freePorts } from './free-ports.js';
import type { HeldProcess } from './held-process.js';
import { writeMachineConfig } from './machine-config.js';
import { takeFolder, type MachineFolder } from './machine-folder.js';
import { packageFile } from './package-file.js';
import { startPrometheus, waitUntilScraped } from './prometheus-server.js';
import { startTarget } from './target-process.js';
import { startTemporal } from './temporal-server.js';

/** What `holdpoint dev` prints when it is ready. */
export interface ReadyLine {
  readonly temporalAddress: string;
  readonly temporalUi: string;
  readonly namespace: string;
  readonly prometheus: string;
  readonly target: string;
  readonly flags: string;
  readonly config: string;
  readonly archive: string;
}

export interface Machine {
  readonly ready: ReadyLine;
  readonly config: Config;
  readonly folder: MachineFolder;
  readonly traffic: Traffic;
  /** Resolves, with what happened, when a part ends that nobody stopped. */
  readonly broken: Promise<string>;
  /** Ends all of it, the last started first; safe to call twice. */
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly dir: string;
  readonly onProgress: (line: string) => void;
}

/** Enough for checks to be conclusive within seconds at 10 percent, little enough for a laptop. */
const crowd = { users: 400, requestsPerSecond: 80, seed: 7, forMs: 7 * 24 * 60 * 60 * 1_000 };

type Closer = () => Promise<unknown>;

export async function openMachine(options: MachineOptions): Promise<Machine> {
  const folder = await takeFolder(options.dir);
  options.onProgress('starting Temporal, Prometheus, the reporting service and a worker');
  const closers: Closer[] = [() => folder.release()];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= closeAll(closers));
  try {
    return { ...(await openParts(folder, options, closers)), folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function closeAll(closers: Closer[]): Promise<void> {
  const troubles: unknown[] = [];
  for (const closer of closers.splice(0).reverse()) await closer().catch((error: unknown) => troubles.push(error));
  if (troubles.length > 0) throw new AggregateError(troubles, `Not everything could be ended: ${String(troubles[0])}`);
}

async function openParts(
  folder: MachineFolder,
  { onProgress }: MachineOptions,
  closers: Closer[],
): Promise<Omit<Machine, 'folder' | 'close'>> {
  const children: HeldProcess[] = [];
  const hold = async <T extends { readonly process: HeldProcess }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    children.push(started.process);
    closers.push(() => started.process.stop());
    await folder.noteChild(started.process.pid);
    return started;
  };
  const [metricsPort, sdkPort] = await freePorts(2);
  const metricsAddress = `127.0.0.1:${metricsPort}`;
  const sdkMetricsAddress = `127.0.0.1:${sdkPort}`;
  const target = await hold(startTarget(folder));
  const jobs = [
    { name: 'target', address: new URL(target.url).host },
    { name: 'worker', address: metricsAddress },
    { name: 'worker-sdk', address: sdkMetricsAddress },
  ];
  // All settled, not all: what starts beside a part that fails must be ended, too.
  const started = await Promise.allSettled([
    hold(startTemporal(folder, onProgress)),
    hold(startPrometheus(folder, jobs, onProgress)),
  ]);
  const [temporal, prometheus] = [valueOf(started[0]), valueOf(started[1])];
  const { address: temporalAddress, namespace, uiUrl } = temporal;
  const addresses = { temporalAddress, namespace, prometheus: prometheus.url, target: target.url };
  await writeMachineConfig(
    folder,
    { ...addresses, metricsAddress, sdkMetricsAddress },
    packageFile('ops/smoke/reporting.yaml'),
  );
  const config = await readConfig(folder.configPath);
  // A log that cannot be written, such as on a full disk, is no reason to stop watching a flag.
  const talk = createWriteStream(folder.logPath('worker'), { flags: 'a' }).on('error', () => undefined);
  closers.push(() => finished(talk.end()));
  const worker = await startWorker(config, { env: process.env, talk });
  closers.push(() => worker.stop());
  const traffic = startTraffic({ url: target.url, ...crowd });
  closers.push(() => traffic.stop());
  await waitUntilScraped(prometheus, 'target');
  const { flagsPath: flags, configPath, archivePath: archive } = folder;
  return {
    ready: {
      temporalAddress,
      temporalUi: uiUrl,
      namespace,
      prometheus: prometheus.url,
      target: target.url,
      flags,
      config: configPath,
      archive,
    },
    config,
    traffic,
    broken: Promise.race([...children.map(sayEnd), sayWorkerEnd(worker.done)]),
  };
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

const sayEnd = async ({ name, ended, logPath }: HeldProcess): Promise<string> =>
  `${name} ended by itself (${await ended}). Its log: ${logPath}`;

async function sayWorkerEnd(done: Promise<void>): Promise<string> {
  try {
    await done;
    return 'The worker ended by itself.';
  } catch (error) {
    return `The worker ended by itself: ${String(error)}`;
  }
}

async function readConfig(path: string): Promise<Config> {
  const loaded = await loadConfig(path, process.env);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
  return loaded.config;
}
