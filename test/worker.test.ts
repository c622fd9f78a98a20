/** A whole worker, from configuration to a flag that moves, its metrics and its logs. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Config } from '../src/config.js';
import { openRolloutClient, type RolloutClient } from '../src/rollout-client.js';
import { startWorker, type RunningWorker } from '../src/worker.js';
import { aCheck, aDecision, aGate, aPlan } from './support/a-plan.js';
import { aConfig } from './support/a-config.js';
import { openDevServer, type DevServer } from './support/dev-server.js';
import { openFakePrometheus, type FakePrometheus } from './support/fake-prometheus.js';

const secret = 'a-very-secret-token';

let server: DevServer;
let prometheus: FakePrometheus;
let folder: string;
let config: Config;
let client: RolloutClient;
let worker: RunningWorker;
let logged = '';

const talk = new Writable({
  write(chunk: Buffer, _, done) {
    logged += chunk.toString();
    done();
  },
});

beforeAll(async () => {
  prometheus = await openFakePrometheus(0.999);
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-worker-'));
  server = await openDevServer({ file: join(folder, 'temporal.db') });
  const standard = aConfig({ folder, address: server.address, url: prometheus.url });
  config = { ...standard, metrics: { ...standard.metrics, credentials: { kind: 'bearer', token: secret } } };
  worker = await startWorker(config, { env: { HOLDPOINT_LOG_LEVEL: 'debug' }, talk });
  client = await openRolloutClient(config.temporal);
});

afterAll(async () => {
  await worker?.stop();
  await client?.close();
  await server?.stop();
  await prometheus?.close();
  await rm(folder, { recursive: true, force: true });
});

const check = aCheck('autosave-success', {
  windowMs: 0,
  overlapMs: 0,
  consecutive: 1,
  gateWindow: 'watch',
  queries: { value: 'autosave_success' },
});

/** Holds at 10 % for as long as the test likes. */
const plan = (key: string) =>
  aPlan({
    flag: { store: 'local', environment: 'production', key, rollbackSet: {} },
    stages: [{ percent: 10, holdMs: 0, gate: aGate({ decision: aDecision() }) }],
    watch: { everyMs: 300, guardMs: 300, checks: ['autosave-success'] },
    checks: { 'autosave-success': check },
  });

async function until(see: () => Promise<boolean>): Promise<void> {
  while (!(await see())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const flagPercent = async (key: string): Promise<unknown> => {
  const document = JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8')) as {
    flags: Record<string, { metadata: Record<string, unknown> }>;
  };
  return document.flags[key]?.metadata['holdpoint.percent'];
};

const metricsPage = async (): Promise<string> => (await fetch(`${worker.metricsUrl}/metrics`)).text();

it('moves the flag, shows it in its metrics, and rolls back when the numbers go bad', async () => {
  const rollout = await client.start(plan('saves'), { by: 'dana' });
  await until(async () => (await client.status(rollout)).state === 'asking');
  expect(await flagPercent('saves')).toBe(10);
  const up = await metricsPage();
  expect(up).toContain('holdpoint_rollout_state{flag="saves",environment="production",state="asking"} 1');
  expect(up).toContain('holdpoint_rollout_percent{flag="saves",environment="production",view="intended"} 10');
  expect(up).toContain('holdpoint_rollout_percent{flag="saves",environment="production",view="observed"} 10');
  expect(up).toContain('holdpoint_moves_total{flag="saves",environment="production",move="ask"} 1');

  prometheus.answer(0.5);
  expect(await client.result(rollout)).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  prometheus.answer(0.999);
  expect(await flagPercent('saves')).toBe(0);
  const down = await metricsPage();
  expect(down).toContain('holdpoint_rollout_state{flag="saves",environment="production",state="rolled-back"} 1');
  expect(down).not.toContain('state="asking"');
  expect(down).toContain('holdpoint_rollout_percent{flag="saves",environment="production",view="intended"} 0');
  expect(down).toContain('holdpoint_verdicts_total{flag="saves",environment="production",outcome="fail"}');
  expect(down).toContain('holdpoint_rollback_seconds_count{flag="saves",environment="production",phase="proven"} 1');
  expect(down).toMatch(/holdpoint_look_lateness_seconds_count [1-9]/);
});

it('brings the gauges back after a restart, and the closed rollout of before does not hide the open one', async () => {
  const rollout = await client.start(plan('saves'), { by: 'dana' });
  await until(async () => (await client.status(rollout)).state === 'asking');
  await worker.stop();
  await worker.done;
  worker = await startWorker(config, { env: {}, talk });
  await until(async () => (await metricsPage()).includes('state="asking"} 1'));
  const [, closed] = await client.list({ closed: 1 });
  expect(closed).toMatchObject({ open: false, flag: 'saves' });
  expect(await client.status(closed!)).toMatchObject({ state: 'rolled-back' });
  expect(await metricsPage()).toContain('state="asking"} 1');
  expect(await metricsPage()).not.toContain('state="rolled-back"');
  await client.rollback(rollout, { by: 'dana', reason: 'enough' });
});

it('goes on after the server was away, and so does who waits for the result', async () => {
  const rollout = await client.start(plan('away'), { by: 'dana' });
  await until(async () => (await client.status(rollout)).state === 'asking');
  const troubles: string[] = [];
  const result = client.result(rollout, { onTrouble: (message) => troubles.push(message) });
  await server.stop();
  await until(() => Promise.resolve(troubles.length > 0));
  server = await openDevServer({ file: join(folder, 'temporal.db'), port: Number(server.address.split(':')[1]) });
  await until(() =>
    client.rollback(rollout, { by: 'dana', reason: 'enough', waitMs: 10_000 }).then(
      () => true,
      () => false,
    ),
  );
  expect(await result).toMatchObject({ outcome: 'rolled-back' });
  expect(await flagPercent('away')).toBe(0);
  expect(troubles).toHaveLength(1);
});

it('counts what its adapters cannot do', async () => {
  const rollout = await client.start(plan('elsewhere'), { by: 'dana' });
  await until(async () => (await client.status(rollout)).state === 'asking');
  await prometheus.close();
  await until(async () => (await metricsPage()).includes('holdpoint_adapter_errors_total{adapter="metrics"'));
  await client.rollback(rollout, { by: 'dana', reason: 'enough' });
});

it('answers only what it serves', async () => {
  expect((await fetch(`${worker.metricsUrl}/healthz`)).status).toBe(200);
  expect((await fetch(`${worker.metricsUrl}/config`)).status).toBe(404);
});

it('logs JSON lines with the rollout, and no secret', () => {
  const lines = logged
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.some(({ msg }) => msg === 'The worker runs.')).toBe(true);
  expect(lines.some(({ rollout }) => rollout === 'rollout/production/saves')).toBe(true);
  expect(logged).not.toContain(secret);
});

it('does not start on a namespace that is not there, on a used port, or without a server', async () => {
  const surroundings = { env: {}, talk };
  await expect(
    startWorker({ ...config, temporal: { ...config.temporal, namespace: 'nowhere' } }, surroundings),
  ).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('nowhere') as string });
  const used = new URL(worker.metricsUrl!).host;
  await expect(
    startWorker({ ...config, worker: { ...config.worker, metricsAddress: used } }, surroundings),
  ).rejects.toMatchObject({ kind: 'configuration', message: expect.stringContaining(used) as string });
  await expect(
    startWorker({ ...config, temporal: { ...config.temporal, address: '127.0.0.1:1' } }, surroundings),
  ).rejects.toMatchObject({ kind: 'unreachable' });
});
