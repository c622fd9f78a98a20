/** What the command line says and exits with when something is not as it should be. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { freePort } from '../support/free-port.js';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world?.close());

describe('usage', () => {
  it.each([
    [['statsu'], 'Did you mean status?'],
    [['status', '--jsn'], 'Did you mean --json?'],
    [['status', 'a', 'b'], 'too many arguments'],
    [['start'], "missing required argument 'plan'"],
    [['pause', 'x'], '--reason'],
    [['watch', '--timeout', 'soon'], 'such as 30s'],
    [['list', '--closed', '-1'], 'whole number'],
    [[], 'Usage: holdpoint'],
    [['rollback', '--break-glass', '--yes'], 'Name the flag'],
    [['status', '--by', 'dana'], "unknown option '--by'"],
  ])('%j exits 2', async (args, said) => {
    const { code, stdout, stderr } = await world.run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it.each([[['--help']], [['start', '--help']], [['--version']]])('%j is no error', async (args) => {
    const { code, stderr } = await world.run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('files', () => {
  it('names the configuration that is not there, and how to name another', async () => {
    const { code, stdout, stderr } = await world.run('list', '--config', 'nowhere.yaml');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('nowhere.yaml:1:1: there is no such file');
  });

  it('shows every problem of a configuration at once', async () => {
    await writeFile(join(world.folder, 'bad.yaml'), 'temporal: { adress: x }\nidentity: verified\n');
    const { code, stderr } = await world.run('list', '-c', 'bad.yaml');
    expect(code).toBe(3);
    expect(stderr).toContain('bad.yaml:1:13: unknown key "adress"');
    expect(stderr).toContain('bad.yaml:2:11: identity: "verified" is not built yet');
    expect(stderr).toContain('metrics: is missing');
  });

  it('refuses a plan whose ids the configuration does not have', async () => {
    const path = await world.plan('ids', {
      flag: { store: 'lokal', environment: 'production', key: 'ids' },
      announce: { channels: ['roof'] },
    });
    for (const command of [
      ['start', path, '--yes'],
      ['check', path, '--config', 'holdpoint.config.yaml'],
    ]) {
      const { code, stdout, stderr } = await world.run(...command);
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('no flag store "lokal"; it has: local. Did you mean "local"?');
      expect(stdout + stderr).toContain('no channel "roof"');
    }
  });

  it('a plan that cannot be read is invalid for check, explain and start', async () => {
    for (const command of ['check', 'explain', 'start'])
      expect((await world.run(command, 'no-plan.yaml')).code).toBe(3);
    expect(JSON.parse((await world.run('check', 'no-plan.yaml', '--json')).stdout)).toMatchObject({ ok: false });
  });
});

describe('a good plan', () => {
  it('is fine for check, with the same digest everywhere', async () => {
    const path = await world.plan('good');
    const checked = await world.run('check', path, '--json');
    expect(checked.code).toBe(0);
    const { ok, plan, digest } = JSON.parse(checked.stdout) as Record<string, unknown>;
    expect({ ok, plan }).toEqual({ ok: true, plan: 'plan-of-good' });
    expect((await world.run('check', path)).stdout).toContain(
      `fine. plan-of-good (plan ${String(digest).slice(7, 19)})`,
    );
  });

  it('is explained for any start and time zone, also as JSON', async () => {
    const when = ['--starts-at', '2026-12-01T08:00:00Z', '--time-zone', 'Europe/Berlin'];
    const text = await world.run('explain', await world.plan('good'), ...when);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('08:00');
    expect(text.stdout).toContain('09:00');
    const json = await world.run('explain', await world.plan('good'), ...when, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      plan: 'plan-of-good',
      entries: expect.arrayContaining([expect.objectContaining({ at: '2026-12-01T08:00:00.000Z' })]) as unknown[],
      endsAt: '2026-12-01T08:00:03.000Z',
    });
    for (const wrong of [
      ['--time-zone', 'Mars/Olympus'],
      ['--starts-at', 'tomorrow'],
    ]) {
      expect(await world.run('explain', await world.plan('good'), ...wrong)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('has a schema for editors', async () => {
    const { code, stdout } = await world.run('schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ properties: { stages: expect.anything() as unknown } });
  });
});

describe('nobody there', () => {
  it('a server that is down is 7 for every command that needs it, the worker too; break-glass is offered', async () => {
    const port = await freePort();
    await writeFile(
      join(world.folder, 'down.yaml'),
      (await readFile(join(world.folder, 'holdpoint.config.yaml'), 'utf8')).replace(
        world.server.address,
        `127.0.0.1:${port}`,
      ),
    );
    for (const command of [['list'], ['status'], ['go', 'x'], ['rollback', 'x', '--yes'], ['worker']]) {
      const { code, stdout, stderr } = await world.run(...command, '-c', 'down.yaml');
      expect({ code, stdout }).toEqual({ code: 7, stdout: '' });
      expect(stderr).toContain(`Temporal at 127.0.0.1:${port} cannot be reached: connection refused`);
      if (command[0] === 'rollback') expect(stderr).toContain('holdpoint rollback x --break-glass --reason');
    }
  });

  it('no rollout is open, or none has that name: 8', async () => {
    expect(await world.run('status')).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('No rollout is open') as string,
    });
    expect(await world.run('why', 'nobody')).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('nobody') as string,
    });
  });

  it('no worker is 7; what the server knows is said; Ctrl-C while waiting is 130', async () => {
    const started = await world.run('start', await world.plan('alone'), '--yes');
    expect(started).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('holdpoint watch production/alone') as string,
    });
    expect(started.stderr).toContain('does not move yet');
    const status = await world.run('status', '--json');
    expect(status).toMatchObject({ code: 7, stdout: '' });
    expect(status.stderr).toContain('production/alone, started by dana');
    expect(status.stderr).toContain('holdpoint worker');
    const watching = world.start('watch');
    await watching.printed('Still following.');
    watching.child.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);
    const asking = world.start('status');
    await new Promise((resolve) => asking.child.once('spawn', resolve));
    setTimeout(() => asking.child.kill('SIGINT'), 500);
    expect((await asking.ended).code).toBe(130);
  });
});

it('a reader that goes away ends it quietly', async () => {
  await world.startWorker();
  const watching = world.start('watch', 'alone');
  await watching.printed('stage');
  watching.child.stdout.destroy();
  await world.run('rollback', 'alone', '--yes');
  const { stderr } = await watching.ended;
  expect(stderr).not.toContain('EPIPE');
  expect(stderr).not.toContain('unexpectedly');
});
