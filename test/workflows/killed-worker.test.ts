/** The only worker dies by kill -9, as a real process on a real server: nothing is lost and nothing is written twice. */
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

it('case 6: in a hold, with a rollback sent while no worker lives', async () => {
  await startAndReachTheGate('killed-and-rolled-back');
  await killWorker();
  const asked = world.run('rollback', 'killed-and-rolled-back', '--yes', '--reason', 'nobody home');
  worker = await world.startWorker();
  expect(await asked).toMatchObject({ code: 0, stdout: expect.stringContaining('at 0 %, proven') });
  expect(await percents('killed-and-rolled-back')).toEqual([0, 10, 0]);
});
