/** Two versions of the worker at once: a rollout stays with the one it began on, and what happens when that one is gone. */
import { Client, Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { RunningCli } from './support/cli.js';
import { openCliWorld, type CliWorld } from './support/cli-world.js';
import { openFakePrometheus, type FakePrometheus } from './support/fake-prometheus.js';

let world: CliWorld;
let numbersOfB: FakePrometheus;
let temporal: Client;
let workerA: RunningCli;

beforeAll(async () => {
  [world, numbersOfB] = await Promise.all([openCliWorld(), openFakePrometheus(0.99)]);
  temporal = new Client({ connection: await Connection.connect({ address: world.server.address }) });
  await Promise.all([writeConfig('a', world.prometheus.url), writeConfig('b', numbersOfB.url)]);
});

afterAll(async () => {
  await temporal?.connection.close();
  await world?.close();
  await numbersOfB?.close();
});

/** Each version has numbers of its own: where its guards and looks run shows there. */
async function writeConfig(buildId: string, url: string): Promise<void> {
  const base = parse(await readFile(join(world.folder, 'holdpoint.config.yaml'), 'utf8')) as object;
  const versioned = {
    ...base,
    metrics: { kind: 'prometheus', url },
    worker: { deployment: { name: 'holdpoint', buildId } },
  };
  await writeFile(join(world.folder, `${buildId}.yaml`), stringify(versioned));
}

async function startVersion(buildId: string): Promise<RunningCli> {
  const worker = world.start('worker', '--config', `${buildId}.yaml`);
  await worker.printed(`--deployment-name holdpoint --build-id ${buildId}`);
  return worker;
}

const run = promisify(execFile);
const temporalCli = (command: string) =>
  run(inject('temporalPath'), [...command.split(' '), '--address', world.server.address, '--namespace', 'default']);

/** Refused until the server has seen the version poll every queue of the one before. */
const makeCurrent = (buildId: string) =>
  expect
    .poll(
      () =>
        temporalCli(
          `worker deployment set-current-version --yes --deployment-name holdpoint --build-id ${buildId}`,
        ).then(
          () => 'done',
          (error: Error) => error.message,
        ),
      { timeout: 20_000 },
    )
    .toBe('done');

const handleOf = (key: string) => temporal.workflow.getHandle(`rollout/production/${key}`);

/** Which versions did any of its tasks. */
async function versionsOf(key: string): Promise<string[]> {
  const { events = [] } = await handleOf(key).fetchHistory();
  const ids = (events ?? []).map((event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId);
  return [...new Set(ids.filter((id) => id != null))];
}

async function start(key: string): Promise<void> {
  const { code, stderr } = await world.run('start', await world.plan(key), '--yes');
  expect(stderr, stderr).not.toContain('refused');
  expect(code).toBe(0);
  await world.until(key, ({ state }) => state === 'asking');
}

it('a rollout from before there were versions goes on with the first current one', async () => {
  const unversioned = await world.startWorker();
  await start('from-before');
  expect(await versionsOf('from-before')).toEqual([]);
  workerA = await startVersion('a');
  await makeCurrent('a');
  unversioned.child.kill('SIGTERM');
  await unversioned.ended;
  const { code, stderr } = await world.run('rollback', 'from-before', '--reason', 'enough', '--yes');
  expect(code, stderr).toBe(0);
  expect(await versionsOf('from-before')).toEqual(['a']);
});

it('a rollout stays with its version, a new one goes to the current one, and each rolls back', async () => {
  await start('on-a');
  await start('left-on-a');
  await startVersion('b');
  await makeCurrent('b');

  const before = world.prometheus.asks();
  await world.run('go', 'on-a', '--by', 'erin', '--role', 'sre', '--yes');
  await expect.poll(() => world.prometheus.asks(), { timeout: 20_000 }).toBeGreaterThan(before + 6);
  expect(await versionsOf('on-a')).toEqual(['a']);
  expect(numbersOfB.asks(), 'its guard and looks stay there, too').toBe(0);

  await start('on-b');
  expect(await versionsOf('on-b')).toEqual(['b']);
  expect(numbersOfB.asks()).toBeGreaterThan(0);

  for (const key of ['on-a', 'on-b']) {
    const { code, stderr } = await world.run('rollback', key, '--reason', 'enough', '--yes');
    expect(code, stderr).toBe(0);
    expect(await world.percent(key)).toBe(0);
  }
  expect(await versionsOf('on-a')).toEqual(['a']);
});

it('without its version a rollout stands still: break-glass takes the flag back, and it can be moved', async () => {
  workerA.child.kill('SIGTERM');
  await workerA.ended;

  const asked = await world.run('rollback', 'left-on-a', '--reason', 'enough', '--yes');
  expect(asked.code).toBe(7);
  expect(asked.stderr).toContain('--break-glass');
  expect(await world.percent('left-on-a')).toBe(10);

  const broken = await world.run('rollback', 'left-on-a', '--reason', 'enough', '--break-glass', '--yes');
  expect(broken.code, broken.stderr).toBe(0);
  expect(await world.percent('left-on-a')).toBe(0);

  const toB =
    '--versioning-override-behavior pinned --versioning-override-deployment-name holdpoint --versioning-override-build-id b';
  await temporalCli(`workflow update-options --workflow-id rollout/production/left-on-a ${toB}`);
  expect(await handleOf('left-on-a').result()).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  expect(await versionsOf('left-on-a')).toEqual(['a', 'b']);
});
