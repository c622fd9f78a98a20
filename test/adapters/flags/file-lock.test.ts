/** Who may hold the lock, for how long, and who may take it away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readlink, rename, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { lockFile } from '../../../src/adapters/flags/file-lock.js';
import { tempFolder } from '../../support/temp-folder.js';

const adapter = 'flag store local';
const patient = { adapter, patienceMs: 60_000, breakIt: false };
const impatient = { adapter, patienceMs: 20, breakIt: false };
const lockPath = async () => join(await tempFolder(), 'flags.json.lock');
const holder = (over: object = {}): string =>
  JSON.stringify({
    id: 'somebody',
    host: hostname(),
    pid: process.pid,
    startedAt: null,
    leaseUntilMs: Date.now() + 9_000,
    ...over,
  });

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const { pid = 0 } = child;
  await once(child, 'exit');
  return pid;
}

it('is held until it is released, and names its holder', async () => {
  const path = await lockPath();
  const lock = await lockFile(path, patient);
  expect(await lock.isHeld()).toBe(true);
  expect(JSON.parse(await readlink(path))).toMatchObject({ id: lock.id, host: hostname(), pid: process.pid });
  await lock.release();
  expect(await lock.isHeld()).toBe(false);
  await expect(lstat(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('is waited for, and goes to one at a time', async () => {
  const path = await lockPath();
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    const lock = await lockFile(path, patient);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 1));
    inside -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 20 }, work));
  expect(most).toBe(1);
});

it('is respected while its holder lives: who gives up says who holds it', async () => {
  const path = await lockPath();
  await symlink(holder(), path);
  await expect(lockFile(path, impatient)).rejects.toMatchObject({
    name: 'AdapterError',
    reason: 'locked',
    message: `The lock ${path} has been held by process ${process.pid} on ${hostname()} for over 20 ms; nothing was written. Try again; if it stays so, see what that process does.`,
  });
  expect(await readlink(path)).toContain('somebody');
});

it('is broken after that time by who may; the old holder learns it', async () => {
  const path = await lockPath();
  const old = await lockFile(path, patient);
  const breaker = await lockFile(path, { ...impatient, breakIt: true });
  expect([await old.isHeld(), await breaker.isHeld()]).toEqual([false, true]);
  await old.release();
  expect(await breaker.isHeld()).toBe(true);
});

it.each([
  ['of a process that died', async () => holder({ pid: await deadPid() })],
  ['of a process id that another process has by now', () => holder({ startedAt: '1' })],
  ['whose lease is over', () => holder({ leaseUntilMs: Date.now() - 1 })],
  ['from before a clock was set back', () => holder({ leaseUntilMs: Date.now() + 3_600_000 })],
  ['of another host whose lease is over', () => holder({ host: 'elsewhere', pid: 1, leaseUntilMs: Date.now() - 1 })],
  ['that is no holder', () => 'nonsense'],
  ['with a holder that lacks its id', () => holder({ id: undefined })],
])('%s is taken at once', async (_, text) => {
  const path = await lockPath();
  await symlink(await text(), path);
  const lock = await lockFile(path, impatient);
  expect(await lock.isHeld()).toBe(true);
});

it('gives every new holder the same time, or two that break would break each other for ever', async () => {
  const path = await lockPath();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  onTestFinished(() => clock.mockRestore());
  const looksAgain = async () => {
    const before = clock.mock.calls.length;
    await vi.waitFor(() => expect(clock.mock.calls.length).toBeGreaterThan(before + 2));
  };
  await symlink(holder({ id: 'first' }), path);
  const breaking = lockFile(path, { adapter, patienceMs: 500, breakIt: true });
  await looksAgain();
  await symlink(holder({ id: 'second' }), `${path}.new`);
  clock.mockReturnValue(400);
  await rename(`${path}.new`, path);
  await looksAgain();
  clock.mockReturnValue(600);
  await looksAgain();
  expect(await readlink(path)).toContain('"second"');
  clock.mockReturnValue(900);
  expect(await (await breaking).isHeld()).toBe(true);
});

it('that is an empty file, as a power cut may leave one, is taken at once', async () => {
  const path = await lockPath();
  await writeFile(path, '');
  expect(await (await lockFile(path, impatient)).isHeld()).toBe(true);
});

it('of another host is respected until its lease is over, although no such process runs here', async () => {
  const path = await lockPath();
  await symlink(holder({ host: 'elsewhere', pid: await deadPid() }), path);
  await expect(lockFile(path, impatient)).rejects.toMatchObject({ reason: 'locked' });
});
