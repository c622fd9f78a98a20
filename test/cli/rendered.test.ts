/** What `rules render` and `dashboard render` write, look at and refuse. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { tempFolder } from '../support/temp-folder.js';

const catalogue = (alias: string): string => `apiVersion: holdpoint/v1
kind: SliCatalogue
service: shop
slis:
  sales: { kind: rate, events: sales_total, alias: sales_rate }
  checkout: { kind: ratio, events: checkouts_total, bad: { outcome: failure }, alias: ${alias} }
`;

it.each([
  [
    'rules',
    ['shop.rules.yaml', 'shop.alerts.yaml', 'shop.tests.yaml', 'shop.long-tests.yaml', 'holdpoint.alerts.yaml'],
  ],
  [
    'dashboard',
    ['holdpoint.json', 'provisioning/datasources/prometheus.yaml', 'provisioning/dashboards/holdpoint.yaml'],
  ],
] as const)('%s render writes, and --check tells what is not up to date', async (command, files) => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'shop.yaml'), catalogue('checkout_rate'));
  const render = (...more: string[]) => runCli([command, 'render', 'shop.yaml', '--out', 'made', ...more], { cwd });
  const lines = (state: string): string => files.map((file) => `made/${file}: ${state}\n`).join('');

  const before = await render('--check');
  expect([before.code, before.stdout]).toEqual([3, lines('missing')]);
  expect(before.stderr).toContain('without --check');
  expect(await render()).toEqual({ code: 0, stdout: lines('written'), stderr: '' });
  expect(await render()).toEqual({ code: 0, stdout: lines('up to date'), stderr: '' });
  expect(await render('--check')).toEqual({ code: 0, stdout: lines('up to date'), stderr: '' });

  const [first = '', second = ''] = files;
  await writeFile(join(cwd, 'made', first), 'something else');
  await rm(join(cwd, 'made', second));
  const changed = await render('--check', '--json');
  expect(changed.code).toBe(3);
  expect(JSON.parse(changed.stdout)).toMatchObject({
    ok: false,
    files: [
      { path: `made/${first}`, state: 'differs' },
      { state: 'missing' },
      ...files.slice(2).map(() => ({ state: 'same' })),
    ],
  });
  // Nothing was written.
  expect(await readFile(join(cwd, 'made', first), 'utf8')).toBe('something else');
});

it('rules runbooks makes pages with every section, keeps what people wrote, and names a page without its marks', async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'shop.yaml'), catalogue('checkout_rate'));
  const runbooks = (...more: string[]) =>
    runCli(['rules', 'runbooks', 'shop.yaml', '--out', 'books', ...more], { cwd });
  expect((await runbooks()).code).toBe(0);
  const path = join(cwd, 'books', 'holdpoint-orphan.md');
  const fresh = await readFile(path, 'utf8');
  expect(fresh).toMatch(/^# HoldpointOrphan\n\n## Meaning\n/);
  const written = fresh.replace('Nobody has written this yet.', 'A flag without a rollout.');
  await writeFile(path, written.replace('max(holdpoint_orphans) > 0', 'something old'));
  const stale = await runbooks('--check');
  expect([stale.code, stale.stdout.includes('books/holdpoint-orphan.md: differs\n')]).toEqual([3, true]);
  expect((await runbooks()).code).toBe(0);
  expect(await readFile(path, 'utf8')).toBe(written);
  await writeFile(path, 'no marks');
  const lost = await runbooks();
  expect([lost.code, lost.stderr]).toEqual([
    3,
    expect.stringMatching(/^books\/holdpoint-orphan\.md has no place for its queries, /),
  ]);
});

it('a wrong catalogue is told with its line, and nothing is written', async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'shop.yaml'), catalogue('sales_rate'));
  const { code, stderr, stdout } = await runCli(['rules', 'render', 'shop.yaml', '--out', 'made'], { cwd });
  expect([code, stdout, stderr]).toEqual([
    3,
    '',
    'shop.yaml:6:87: checkout: "sales" makes a rule sales_rate, too; give this one another alias\n',
  ]);
  await expect(readFile(join(cwd, 'made', 'shop.rules.yaml'))).rejects.toThrow('ENOENT');
});

it('a folder that cannot be written, and a catalogue that is not there', async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'shop.yaml'), catalogue('checkout_rate'));
  const blocked = await runCli(['dashboard', 'render', 'shop.yaml', '--out', 'shop.yaml'], { cwd });
  expect([blocked.code, blocked.stderr]).toEqual([
    3,
    expect.stringContaining('Name a folder that can be written') as string,
  ]);
  const nowhere = await runCli(['rules', 'render'], { cwd });
  expect([nowhere.code, nowhere.stderr]).toEqual([
    3,
    'ops/slis/reporting.yaml:1:1: there is no such file; name a catalogue, such as ops/slis/reporting.yaml\n',
  ]);
});
