/** The only worker dies by kill -9, as a real process on a real server: nothing is lost and nothing is written twice. */
import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { readWrites } from '../support/read-writes.js';
import type { RunningCli } from '../support/cli.js';

let world: CliWorld;
let worker: RunningCli;
beforeAll(async () => {
  world = await openCliWorld();
  worker = await world.startWorker();
});
afterAll(() => world.close());

async function killWorker(): Promise<void> {
  worker.child.kill('SIGKILL');
  await worker.ended;
}

const percents = async (key: string) =>
  (await readWrites(join(world.folder, 'flags.json')))
    .filter((write) => write.key === key)
    .map(({ percent }) => percent);

async function startAndReachTheGate(key: string): Promise<void> {
  expect(await world.run('start', await world.plan(key), '--yes')).toMatchObject({ code: 0 });
  await world.until(key, ({ state }) => state === 'asking');
}

async function everybodySaysGo(key: string): Promise<void> {
  for (const [by, role] of [
    ['sam', 'release-manager'],
    ['ria', 'sre'],
  ] as const)
    expect(await world.run('go', key, '--by', by, '--role', role)).toMatchObject({ code: 0 });
}

it('in a hold: the next worker goes on where it was', async () => {
  await startAndReachTheGate('killed-in-a-hold');
  await killWorker();
  worker = await world.startWorker();
  await everybodySaysGo('killed-in-a-hold');
  await world.until('killed-in-a-hold', ({ state }) => state === 'completed');
  expect(await percents('killed-in-a-hold')).toEqual([0, 10, 100]);
});

it('in a hold, with a rollback sent while no worker lives', async () => {
  await startAndReachTheGate('killed-and-rolled-back');
  await killWorker();
  const asked = world.run('rollback', 'killed-and-rolled-back', '--yes', '--reason', 'nobody home');
  worker = await world.startWorker();
  expect(await asked).toMatchObject({ code: 0, stdout: expect.stringContaining('at 0 %, proven') });
  expect(await percents('killed-and-rolled-back')).toEqual([0, 10, 0]);
});

it("before a flip's write: the flip is made once, by the next worker", async () => {
  await startAndReachTheGate('killed-before-a-write');
  // A live holder of the lock: the flip waits right before its write.
  const lock = join(world.folder, 'flags.json.lock');
  const leaseUntilMs = Date.now() + 9_000;
  const holder = { id: randomUUID(), host: hostname(), pid: process.pid, startedAt: null, leaseUntilMs };
  await symlink(JSON.stringify(holder), lock);
  await everybodySaysGo('killed-before-a-write');
  await killWorker();
  expect(await percents('killed-before-a-write')).toEqual([0, 10]);
  await unlink(lock);
  worker = await world.startWorker();
  await world.until('killed-before-a-write', ({ state }) => state === 'completed');
  expect(await percents('killed-before-a-write')).toEqual([0, 10, 100]);
});

/** In the instant the document shows the percent, long before the answer can have left: a few milliseconds lie between. */
async function killWhenWritten(key: string, percent: number): Promise<void> {
  const path = join(world.folder, 'flags.json');
  const shows = (): boolean => {
    const { flags } = JSON.parse(readFileSync(path, 'utf8')) as {
      flags: Record<string, { metadata?: Record<string, unknown> }>;
    };
    return flags[key]?.metadata?.['holdpoint.percent'] === percent;
  };
  while (!shows()) await new Promise((resolve) => setImmediate(resolve));
  await killWorker();
}

async function flipIsUnanswered(key: string): Promise<boolean> {
  const connection = await Connection.connect({ address: world.server.address });
  try {
    const { raw } = await new Client({ connection }).workflow.getHandle(`rollout/production/${key}`).describe();
    return (raw.pendingActivities ?? []).some(({ activityType }) => activityType?.name === 'flipFlag');
  } finally {
    await connection.close();
  }
}

it("between a flip's write and its result: the next worker finds it written", async () => {
  for (let tries = 1; ; tries += 1) {
    const key = `killed-after-a-write-${tries}`;
    await startAndReachTheGate(key);
    const saying = everybodySaysGo(key);
    await killWhenWritten(key, 100);
    await saying;
    const exercised = await flipIsUnanswered(key);
    worker = await world.startWorker();
    await world.until(key, ({ state }) => state === 'completed');
    const flips = (await percents(key)).filter((percent) => percent === 100);
    // Its line in the log may have died with the worker; a second write would have a line for certain.
    expect(flips.length).toBeLessThanOrEqual(1);
    expect(await world.percent(key)).toBe(100);
    if (exercised) return;
    if (tries === 5) throw new Error('The worker was never killed between write and result.');
  }
}, 180_000);
