/** `holdpoint dev` as a user has it: everything comes up, other commands work against it, nothing is left behind. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { openHttpSmokeRunner } from '../../src/adapters/smoke/http-smoke-runner.js';
import type { ReadyLine } from '../../src/dev/machine.js';
import { runCli, startCli, type RunningCli } from '../support/cli.js';
import { noneNaming, processesNaming } from '../support/processes-naming.js';
import { tempFolder } from '../support/temp-folder.js';

const cache = process.env['HOLDPOINT_CACHE'];
const env = { HOLDPOINT_USER: 'dana', ...(cache === undefined ? {} : { HOLDPOINT_CACHE: cache }) };
const running: RunningCli[] = [];

interface Dev extends RunningCli {
  readonly dir: string;
  readonly ready: ReadyLine;
}

async function startDev(dir: string, ...args: string[]): Promise<Dev> {
  const cli = startCli(['dev', '--dir', dir, ...args], { cwd: process.cwd(), env });
  running.push(cli);
  let stdout = '';
  cli.child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await cli.printed('"archive"');
  await expect.poll(() => stdout).toContain('\n');
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return { ...cli, dir, ready: JSON.parse(stdout) as ReadyLine };
}

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

describe('holdpoint dev', () => {
  it('brings everything up, is there for other commands, ends on Ctrl-C with nothing left, and starts again', async () => {
    const dir = await tempFolder();
    const dev = await startDev(dir, '--json');
    const { ready } = dev;
    expect((await fetch(ready.temporalUi)).status).toBe(200);
    expect((await fetch(ready.target)).status).toBe(200);
    expect((await stat(ready.archive)).isDirectory()).toBe(true);
    expect(JSON.parse(await readFile(ready.flags, 'utf8'))).toHaveProperty('flags');

    // The numbers are there from the first moment, of the service and of the worker.
    const asked = await fetch(
      `${ready.prometheus}/api/v1/query?query=${encodeURIComponent('sum(rate(autosave_attempts_total[5s]))')}`,
    );
    expect(await asked.json()).toMatchObject({ data: { result: [{ value: [expect.anything(), expect.anything()] }] } });
    await expect
      .poll(
        async () => (await fetch(`${ready.prometheus}/api/v1/query?query=${encodeURIComponent('min(up)')}`)).text(),
        { timeout: 20_000 },
      )
      .toContain('"1"]');

    // Nothing but the configuration is known in another terminal.
    const loaded = await loadConfig(ready.config, {});
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const suites = new Map(Object.entries(loaded.config.smoke));
    expect(await openHttpSmokeRunner({ suites, env: {} }).run('reporting')).toMatchObject({ outcome: 'passed' });
    const other = { cwd: process.cwd(), env: { ...env, HOLDPOINT_CONFIG: ready.config } };
    const started = await runCli(['start', 'ops/plans/demo.yaml', '--yes', '--json'], other);
    expect(started).toMatchObject({ code: 0 });
    const back = await runCli(['rollback', 'reporting-unified', '--reason', 'seen enough', '--yes'], other);
    expect(back).toMatchObject({ code: 0 });
    // The receipt comes before the records are written and the rollout is closed.
    await expect
      .poll(async () => (await runCli(['list', '--json'], other)).stdout, { timeout: 20_000 })
      .toContain('"open": false');

    expect((await processesNaming(dir)).length).toBeGreaterThanOrEqual(4);
    dev.child.kill('SIGINT');
    expect(await dev.ended).toMatchObject({ code: 0 });
    expect(await processesNaming(dir)).toEqual([]);

    const again = await startDev(dir, '--plan', 'ops/plans/demo.yaml');
    const there = { ...other, env: { ...env, HOLDPOINT_CONFIG: again.ready.config } };
    const listed = await runCli(['list', '--json'], there);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ open: true, startedBy: 'dana' }, { state: 'rolled-back' }]);
    again.child.kill('SIGTERM');
    await again.ended;
    expect(await processesNaming(dir)).toEqual([]);
  }, 120_000);

  it('killed at one blow takes everything with it, and its folder can be used at once', async () => {
    const dir = await tempFolder();
    const first = await startDev(dir);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await startDev(dir);
    second.child.kill('SIGKILL');
    await second.ended;
    await noneNaming(dir);
  }, 120_000);

  it('says which part ended by itself, and ends the others', async () => {
    const dir = await tempFolder();
    const dev = await startDev(dir);
    const lines = await processesNaming(join(dir, 'temporal.db'));
    const server = lines.find((line) => !line.includes('supervise.mjs'));
    process.kill(Number(server?.split(' ')[0]), 'SIGKILL');
    expect(await dev.ended).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("Temporal's dev server ended by itself") as string,
    });
    expect(await processesNaming(dir)).toEqual([]);
  }, 120_000);
});
