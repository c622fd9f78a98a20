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
  /** Another server in its place, after it was stopped. */
  restartServer(): Promise<void>;
  /** A configuration with another address of the server; the file's name. */
  configFor(address: string): Promise<string>;
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

export interface CliWorldOptions extends DevServerOptions {
  /** The server keeps its state in a file, and has it again after a restart. */
  readonly isDurable?: boolean;
  /** Added to the environment of every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the configuration, or instead of what is there. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export async function openCliWorld(options: CliWorldOptions = {}): Promise<CliWorld> {
  const { isDurable = false, env = {}, config = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-cli-'));
  const [port, sdkPort, prometheus] = await Promise.all([freePort(), freePort(), openFakePrometheus(0.99)]);
  const openServer = () =>
    openDevServer({ port, ...(isDurable ? { file: join(folder, 'temporal.db') } : {}), ...options });
  let server = await openServer();
  const sdkMetrics = `127.0.0.1:${sdkPort}`;
  const writeConfig = async (name: string, address: string): Promise<string> => {
    await writeFile(join(folder, name), stringify({ ...configOf(address, prometheus.url, sdkMetrics), ...config }));
    return name;
  };
  await writeConfig('holdpoint.config.yaml', server.address);
  const place = { cwd: folder, env: { HOLDPOINT_USER: 'dana', ...env } };
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
    get server() {
      return server;
    },
    restartServer: async () => {
      server = await openServer();
    },
    configFor: (address) => writeConfig('elsewhere.config.yaml', address),
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

const configOf = (address: string, prometheus: string, sdkMetrics: string) => ({
  temporal: { address },
  flagStores: { local: { kind: 'file', path: './flags.json' } },
  metrics: { kind: 'prometheus', url: prometheus },
  channels: { room: { kind: 'console' } },
  archive: { kind: 'directory', path: './archive' },
  worker: { sdkMetricsAddress: sdkMetrics },
});

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
