/** `holdpoint dev` as a process: ready with one line, usable by its configuration, and nothing left behind. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli, startCli, type RunningCli } from '../support/cli.js';
import { tempFolder } from '../support/temp-folder.js';

const running: RunningCli[] = [];
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

/** Processes whose command line or environment names the folder: all that was started there. */
async function livingIn(folder: string): Promise<number[]> {
  const holder = await readFile(join(folder, 'machine.lock'), 'utf8').catch(() => '{"children":[]}');
  return (JSON.parse(holder) as { children: number[] }).children.filter((pid) => {
    try {
      // A zombie is dead: only its parent has not looked yet.
      return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
    } catch {
      return false;
    }
  });
}

async function startDev(folder: string, ...args: string[]) {
  const dev = startCli(['dev', '--dir', folder, '--json', ...args], { cwd: folder });
  running.push(dev);
  await dev.printed('"config":');
  return dev;
}

describe('holdpoint dev', () => {
  it('prints one JSON line, serves every command, and ends on Ctrl-C with nothing left', async () => {
    const folder = await tempFolder();
    const dev = await startDev(folder);
    const children = await livingIn(folder);
    expect(children.length).toBeGreaterThanOrEqual(3);
    const second = await runCli(['dev', '--dir', folder], { cwd: folder });
    expect(second).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('runs everything in this folder already'),
    });
    const config = join(folder, 'holdpoint.config.yaml');
    const list = await runCli(['list', '--json'], { cwd: folder, env: { HOLDPOINT_CONFIG: config } });
    expect(list).toMatchObject({ code: 0, stdout: '[]\n' });
    dev.child.kill('SIGINT');
    const { code, stdout } = await dev.ended;
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(Object.keys(JSON.parse(lines[0] ?? '{}') as object).sort()).toEqual(
      ['archive', 'config', 'flags', 'namespace', 'prometheus', 'target', 'temporalAddress', 'temporalUi'].sort(),
    );
    for (const pid of children) expect(() => process.kill(pid, 0)).toThrow();
  });

  it('leaves nothing that still runs when it is killed', async () => {
    const folder = await tempFolder();
    const dev = await startDev(folder);
    const before = await livingIn(folder);
    dev.child.kill('SIGKILL');
    await dev.ended;
    expect(before.length).toBeGreaterThanOrEqual(3);
    await expect.poll(() => livingIn(folder), { timeout: 20_000, interval: 100 }).toEqual([]);
  });

  it('refuses a broken plan before anything is started', async () => {
    const folder = await tempFolder();
    const dev = await runCli(['dev', '--dir', folder, '--plan', 'nowhere.yaml'], { cwd: folder });
    expect(dev).toMatchObject({ code: 3, stdout: '' });
  });
});
