/** A folder from which the command line works: configuration, plans, a server, numbers, and a worker as a process. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RolloutStatus } from '../../src/core/rollout-shapes.js';
import { runCli, startCli, type CliEnd, type CliPlace, type RunningCli } from './cli.js';
import { openDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
import { openFakePrometheus, type FakePrometheus } from './fake-prometheus.js';
import { freePort } from './free-port.js';

export interface CliWorld {
  readonly folder: string;
  readonly server: DevServer;
  readonly prometheus: FakePrometheus;
  /** `host:port` of the Temporal SDK's metrics. */
  readonly sdkMetrics: string;
  run(...args: string[]): Promise<CliEnd>;
  start(...args: string[]): RunningCli;
  /** Until the worker says that it runs. */
  startWorker(how?: WorkerPlace): Promise<RunningCli>;
  /** Writes a plan for a flag; the file's path. */
  plan(key: string, changes?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The percent that the flag file holds. */
  percent(key: string): Promise<unknown>;
  /** Until the status is as wanted. */
  until(key: string, wanted: (status: RolloutStatus) => boolean): Promise<RolloutStatus>;
  close(): Promise<void>;
}

export type WorkerPlace = Pick<CliPlace, 'env' | 'limits'>;

export async function openCliWorld(on: DevServerOptions = {}): Promise<CliWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-cli-'));
  const [server, prometheus, sdkPort] = await Promise.all([openDevServer(on), openFakePrometheus(0.99), freePort()]);
  const sdkMetrics = `127.0.0.1:${sdkPort}`;
  await writeFile(
    join(folder, 'holdpoint.config.yaml'),
    stringify({
      temporal: { address: server.address },
      flagStores: { local: { kind: 'file', path: './flags.json' } },
      metrics: { kind: 'prometheus', url: prometheus.url },
      channels: { room: { kind: 'console' } },
      archive: { kind: 'directory', path: './archive' },
      worker: { sdkMetricsAddress: sdkMetrics },
    }),
  );
  const place = { cwd: folder, env: { HOLDPOINT_USER: 'dana' } };
  const running: RunningCli[] = [];
  const startIn = (where: CliPlace, ...args: string[]): RunningCli => {
    const cli = startCli(args, where);
    running.push(cli);
    return cli;
  };
  const start = (...args: string[]): RunningCli => startIn(place, ...args);
  const run = (...args: string[]): Promise<CliEnd> => runCli(args, place);
  return {
    folder,
    server,
    prometheus,
    sdkMetrics,
    run,
    start,
    startWorker: async ({ env, ...how } = {}) => {
      const worker = startIn({ ...place, ...how, env: { ...place.env, ...env } }, 'worker');
      await worker.printed('The worker runs.');
      return worker;
    },
    plan: async (key, changes = {}) => {
      const path = join(folder, `${key}.yaml`);
      await writeFile(path, stringify({ ...planOf(key), ...changes }));
      return path;
    },
    percent: async (key) => {
      const { flags } = JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8')) as FlagFile;
      return flags[key]?.metadata['holdpoint.percent'];
    },
    until: async (key, wanted) => {
      for (;;) {
        const { stdout } = await run('status', key, '--json');
        const status = stdout === '' ? null : (JSON.parse(stdout) as RolloutStatus);
        if (status !== null && wanted(status)) return status;
      }
    },
    close: async () => {
      for (const { child, ended } of running) {
        child.kill('SIGKILL');
        await ended;
      }
      await Promise.all([server.stop(), prometheus.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface FlagFile {
  readonly flags: Readonly<Record<string, { readonly metadata: Readonly<Record<string, unknown>> }>>;
}

/** Ten percent for a second, then two people; then everybody. */
const planOf = (key: string): Readonly<Record<string, unknown>> => ({
  apiVersion: 'holdpoint/v1',
  kind: 'RolloutPlan',
  name: `plan-of-${key}`,
  flag: { store: 'local', environment: 'production', key },
  deadline: '1h',
  watch: { every: '1s', guard: '1s', checks: ['saves'] },
  stages: [
    {
      percent: 10,
      hold: '2s',
      gate: {
        checks: ['saves'],
        decision: { approvers: [{ role: 'release-manager' }, { role: 'sre' }], deadline: '10m' },
      },
    },
    { percent: 100, hold: '1s', gate: { checks: ['saves'] } },
  ],
  checks: { saves: { promql: 'sum(saves_success)', min: 0.9, consecutive: 1, severity: 'rollback' } },
});
