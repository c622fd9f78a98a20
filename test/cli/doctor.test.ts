/** The doctor as a command: its exit codes, its JSON, and that its advice works when it is followed to the letter. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DoctorLine } from '../../src/doctor/line.js';
import { openReach } from '../../src/temporal-reach.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { freePort } from '../support/free-port.js';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world?.close());

async function doctor(...args: string[]): Promise<{ code: number | null; ok: boolean; lines: DoctorLine[] }> {
  const { code, stdout } = await world.run('doctor', '--json', ...args);
  return { code, ...(JSON.parse(stdout) as { ok: boolean; lines: DoctorLine[] }) };
}

const failing = (lines: readonly DoctorLine[]): string[] =>
  lines.filter(({ level }) => level === 'fail').map(({ about }) => about);

it('7 without a worker, 0 with one; a plan is looked at when it is named', async () => {
  const alone = await doctor();
  expect(alone).toMatchObject({ code: 7, ok: false });
  expect(failing(alone.lines)).toContain('workers on holdpoint-guard');
  await world.startWorker();
  const ready = await doctor('--plan', await world.plan('saves'));
  expect(failing(ready.lines)).toEqual([]);
  expect(ready).toMatchObject({ code: 0, ok: true });
  expect(ready.lines.map(({ about }) => about)).toEqual(
    expect.arrayContaining(['plan', 'flag of the plan', 'check saves']),
  );
  const text = await world.run('doctor');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^ok +temporal +server 1\./);
  expect(text.stdout.trimEnd().split('\n').at(-1)).toMatch(/ready/i);
});

it('3 when the plan is none; 8 when the configuration lacks what it names', async () => {
  expect(await world.run('doctor', '--plan', 'no-plan.yaml')).toMatchObject({ code: 3, stdout: '' });
  const announce = { channels: ['roof'] };
  const lacking = await doctor('--plan', await world.plan('lacking', { announce }));
  expect(lacking.code).toBe(8);
  expect(lacking.lines.find(({ about }) => about === 'plan')?.saw).toContain('no channel "roof"');
});

it('7 when Temporal or the metrics source is down, and the rest is reported all the same', async () => {
  const text = await readFile(join(world.folder, 'holdpoint.config.yaml'), 'utf8');
  const nowhere = `127.0.0.1:${await freePort()}`;
  await writeFile(join(world.folder, 'no-temporal.yaml'), text.replace(world.server.address, nowhere));
  await writeFile(join(world.folder, 'no-metrics.yaml'), text.replace(world.prometheus.url, `http://${nowhere}`));
  const noTemporal = await doctor('-c', 'no-temporal.yaml');
  expect(noTemporal.code).toBe(7);
  expect(failing(noTemporal.lines)).toEqual(['temporal']);
  expect(noTemporal.lines.filter(({ about, level }) => about === 'metrics' && level === 'ok')).toHaveLength(1);
  const noMetrics = await doctor('-c', 'no-metrics.yaml');
  expect(noMetrics.code).toBe(7);
  expect(failing(noMetrics.lines)).toEqual(['metrics']);
});

it('8 for an orphan, with a command that takes it back when it is pasted', async () => {
  const started = world.start('start', await world.plan('left'), '--yes', '--wait');
  await started.printed('holding');
  const temporal = { address: world.server.address, namespace: null, taskQueue: 'holdpoint' };
  const reach = await openReach({ ...temporal, profile: null, apiKey: null, tls: null });
  await reach.client.workflow.getHandle('rollout/production/left').terminate('the wrong button');
  await reach.close();
  expect(await world.percent('left')).toBe(10);

  const elsewhere = join(world.folder, 'prod.yaml');
  await rename(join(world.folder, 'holdpoint.config.yaml'), elsewhere);
  const found = await doctor('--config', elsewhere);
  expect(found.code).toBe(8);
  expect(failing(found.lines)).toEqual(['orphans']);
  const orphan = found.lines.find(({ level }) => level === 'fail');
  expect(orphan?.saw).toMatch(
    /^production\/left is at 10 %, and nobody watches it: its rollout ended as terminated at /,
  );
  const [program, ...words] = [...(orphan?.todo ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? '');
  expect(program).toBe('holdpoint');
  expect(await world.run(...words, '--yes')).toMatchObject({ code: 0 });
  expect(await world.percent('left')).toBe(0);
  await rename(elsewhere, join(world.folder, 'holdpoint.config.yaml'));
  expect(await doctor()).toMatchObject({ code: 0 });
});

it('8 when the flag document is broken', async () => {
  const path = join(world.folder, 'flags.json');
  const good = await readFile(path, 'utf8');
  await writeFile(path, good.slice(0, -10));
  expect(await doctor()).toMatchObject({ code: 8 });
  await rm(path);
  expect(await doctor()).toMatchObject({ code: 0 });
  await writeFile(path, good);
});
