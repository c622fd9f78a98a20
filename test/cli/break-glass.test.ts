/** Breaking the glass by command line while Temporal is gone, hangs or is slow; what becomes of it when it is back. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/core/report.js';
import type { RolloutSummary } from '../../src/find-rollout.js';
import type { ReviewSummary } from '../../src/reviews.js';
import type { RunningCli } from '../support/cli.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { openSlowProxy } from '../support/slow-proxy.js';

let world: CliWorld;
let worker: RunningCli | null = null;
beforeAll(async () => {
  world = await openCliWorld({ isDurable: true });
});
afterAll(() => world?.close());
beforeEach(async () => {
  worker ??= await world.startWorker();
});

const document = () => readFile(join(world.folder, 'flags.json'), 'utf8');

async function openAtTen(key: string): Promise<void> {
  const flag = { store: 'local', environment: 'production', key, rollback: { set: { 'old-editor': true } } };
  expect(await world.run('start', await world.plan(key, { flag }), '--yes')).toMatchObject({ code: 0 });
  await world.until(key, ({ percent }) => percent.observed === 10);
}

const breakGlass = (key: string, ...more: string[]) =>
  world.run('rollback', key, '--break-glass', '--reason', 'cannot wait', ...more);

const reviews = async (): Promise<ReviewSummary[]> => {
  const all = JSON.parse((await world.run('list', '--json')).stdout) as (RolloutSummary | ReviewSummary)[];
  return all.filter((one): one is ReviewSummary => one.kind === 'review');
};

/** The rollout closes on it with the very receipt, and another person has to review it. */
async function isAdoptedAndReviewed(key: string): Promise<void> {
  expect(await world.run('watch', key)).toMatchObject({ code: 5 });
  const status = await world.until(key, ({ state }) => state === 'rolled-back');
  expect(status.receipt).toMatchObject({
    written: true,
    state: 'proven',
    percent: 0,
    by: 'dana',
    reason: 'cannot wait',
    fence: 2,
  });
  const report = JSON.parse((await world.run('report', key, '--json')).stdout) as Report;
  expect(report).toMatchObject({
    outcome: 'rolled-back',
    reason: 'dana took the flag back without Temporal: cannot wait',
  });
  expect(report.rollback).toMatchObject({ by: 'dana', objectiveMet: true });
  await expect.poll(async () => (await reviews()).map(({ flag }) => flag), { timeout: 30_000 }).toEqual([key]);
  expect((await world.run('status', key)).stdout).toContain(`holdpoint attest break-glass-review production/${key}`);
  const self = await world.run('attest', 'break-glass-review', key);
  expect(self).toMatchObject({ code: 8, stderr: expect.stringContaining('another person') as string });
  const other = await world.run('attest', 'break-glass-review', key, '--by', 'kim', '--note', 'it was right');
  expect(other).toMatchObject({ code: 0, stdout: expect.stringContaining('kim has reviewed') as string });
  await expect.poll(reviews, { timeout: 30_000 }).toEqual([]);
  const packs = join(world.folder, 'archive', 'production', key);
  const names = await readdir(packs);
  expect(names.filter((name) => name.startsWith('break-glass-'))).toHaveLength(1);
  for (const name of names) {
    const { code, stdout } = await world.run('audit', 'verify', join(packs, name));
    expect(code, stdout).toBe(0);
  }
}

describe('a dry run', () => {
  it('shows exactly what would be written, beside what is there, and writes nothing', async () => {
    await openAtTen('dry');
    const before = await document();
    const shown = await breakGlass('dry', '--dry-run', '--json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      store: 'local',
      environment: 'production',
      key: 'dry',
      before: { percent: 10, fence: 1, owner: expect.stringMatching(/^rollout\/production\/dry@/) as string },
      after: { percent: 0, fence: 2, owner: expect.stringMatching(/^break-glass:/) as string },
      set: { 'old-editor': true },
      setHeldNow: false,
      by: 'dana',
      reason: 'cannot wait',
    });
    const text = await breakGlass('production/dry', '--dry-run');
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining('10 % → 0 %') as string });
    expect(text.stdout).toContain('old-editor = true (not so now)');
    expect(await document()).toBe(before);
    expect(await world.run('rollback', 'dry', '--dry-run')).toMatchObject({ code: 2 });
    await world.run('rollback', 'dry', '--yes');
  });
});

describe('a flag set by hand', () => {
  it('is refused while its rollout is open, up and down; once that has ended, it is taken over', async () => {
    await openAtTen('by-hand');
    const before = await document();
    const set = (percent: string) => world.run('flag', 'set', 'by-hand', percent, '--reason', 'by hand', '--yes');
    const up = await set('50');
    expect(up).toMatchObject({ code: 8, stderr: expect.stringContaining('which alone moves it up') as string });
    expect(up.stderr).toContain('holdpoint why production/by-hand');
    const down = await set('5');
    expect(down).toMatchObject({ code: 8, stderr: expect.stringContaining('Take it back to 0 %') as string });
    expect(down.stderr).toContain('holdpoint rollback production/by-hand');
    expect(await document()).toBe(before);
    expect(await world.run('rollback', 'by-hand', '--yes')).toMatchObject({ code: 0 });
    await world.until('by-hand', ({ state }) => state === 'rolled-back');
    expect(await set('12.5')).toMatchObject({ code: 0, stdout: expect.stringContaining('0 % → 12.5 %') as string });
    expect((await world.run('flag', 'status', 'by-hand')).stdout).toMatch(/Owner +nobody/);
    expect(await set('0')).toMatchObject({ code: 0 });
  });
});

describe('with Temporal', () => {
  it.each([
    ['shut down', () => world.server.stop('SIGTERM'), () => world.restartServer()],
    ['killed', () => world.server.stop('SIGKILL'), () => world.restartServer()],
    [
      'hanging',
      () => Promise.resolve(world.server.signal('SIGSTOP')),
      () => Promise.resolve(world.server.signal('SIGCONT')),
    ],
  ])('case 7: %s it writes, and the rollout adopts it when it is back', async (how, lose, bringBack) => {
    const key = how.replace(' ', '-');
    await openAtTen(key);
    await lose();
    const seen = await document();
    expect(await breakGlass(key, '--dry-run')).toMatchObject({ code: 0 });
    expect(await document()).toBe(seen);
    const broken = await breakGlass(key, '--yes', '--json');
    expect(broken.code).toBe(0);
    expect(JSON.parse(broken.stdout)).toMatchObject({
      written: true,
      state: 'proven',
      percent: 0,
      fence: 2,
      by: 'dana',
    });
    expect(broken.stderr).toContain('a review opens');
    expect(await world.percent(key)).toBe(0);
    await bringBack();
    await isAdoptedAndReviewed(key);
  });

  it('case 8: slow it writes; who asks Temporal all the same is told of the glass long before an answer', async () => {
    await openAtTen('slow');
    const proxy = await openSlowProxy(world.server.address, 5_000);
    onTestFinished(() => proxy.close());
    const config = await world.configFor(proxy.address);
    const asking = world.start('rollback', 'slow', '--yes', '-c', config);
    await asking.printed('holdpoint rollback slow --break-glass --reason "why"');
    asking.child.kill('SIGKILL');
    await asking.ended;
    expect(await breakGlass('slow', '--yes', '-c', config)).toMatchObject({ code: 0 });
    expect(await world.percent('slow')).toBe(0);
    await isAdoptedAndReviewed('slow');
  });

  it('there, but no worker: the review is open at once, and the next worker adopts', async () => {
    await openAtTen('alone');
    worker?.child.kill('SIGKILL');
    await worker?.ended;
    worker = null;
    const broken = await breakGlass('alone', '--yes');
    expect(broken).toMatchObject({ code: 0, stdout: expect.stringContaining('at 0 %, proven') as string });
    expect(broken.stderr).toContain('A review is open');
    worker = await world.startWorker();
    await isAdoptedAndReviewed('alone');
  });
});

it('of a flag whose rollout has ended long ago is reviewed, too: a starting worker sees to it, once', async () => {
  expect(await world.run('rollback', 'dry', '--yes', '--reason', 'again')).toMatchObject({ code: 0 });
  await world.server.stop('SIGKILL');
  worker?.child.kill('SIGKILL');
  await worker?.ended;
  expect(await breakGlass('dry', '--yes')).toMatchObject({ code: 0 });
  await world.restartServer();
  worker = await world.startWorker();
  await worker.printed('A break-glass waits for its review.');
  await expect.poll(async () => (await reviews()).map(({ flag }) => flag), { timeout: 30_000 }).toEqual(['dry']);
  expect((await world.run('list')).stdout).toContain('Review wanted  production/dry  dana broke the glass');
  expect(await world.run('attest', 'break-glass-review', '--by', 'kim')).toMatchObject({ code: 0 });
  worker.child.kill('SIGTERM');
  await worker.ended;
  worker = await world.startWorker();
  // What was left of its close is done by the next worker.
  await expect.poll(reviews, { timeout: 30_000 }).toEqual([]);
  expect(await world.run('attest', 'break-glass-review', 'dry', '--by', 'lee')).toMatchObject({ code: 8 });
});
