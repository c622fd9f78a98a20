/** The two acts from end to end, as a newcomer runs them, in a pipe. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { noneNaming, processesNaming } from '../support/processes-naming.js';
import { tempFolder } from '../support/temp-folder.js';

function startDemo(...args: string[]) {
  const child = spawn(process.execPath, ['tools/demo.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return { child, said, ended: once(child, 'close') as Promise<[number | null]> };
}

it('goes up with a person’s go, breaks, comes back by itself, reports both, and leaves nothing that runs', async () => {
  const dir = await tempFolder();
  const { said, ended } = startDemo('--dir', dir);
  const [code] = await ended;
  const { stdout, stderr } = said;
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('\u001b');
  const percents = [...stdout.matchAll(/The flag is (?:back )?at (\d+) %, proven/g)].map(([, percent]) => percent);
  expect(percents).toEqual(['10', '25', '50', '100', '10', '25', '50', '0']);
  const order = [
    'dana said go. Refused:',
    'mira says go as release-manager, on evidence',
    'tomas says go as sre, on evidence',
    'The rollout ends: completed at 100 %.',
    'dana takes the flag back after the end',
    'The new code path breaks',
    'Rolling back: Autosave success is',
    'The rollout ends: rolled-back at 0 %.',
    'nobody gets the new code path',
    'In the 2 s since, 0 of',
  ];
  const places = order.map((text) => stdout.indexOf(text));
  expect({ missing: order.filter((text) => !stdout.includes(text)), stdout }).toEqual({ missing: [], stdout });
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const reports = [...stdout.matchAll(/report +(\S+report\.md)/g)].map(([, path]) => path ?? '');
  expect(reports).toHaveLength(2);
  expect(await readFile(reports[0] ?? '', 'utf8')).toContain('# demo: completed at 100 %');
  expect(await readFile(reports[1] ?? '', 'utf8')).toContain('# demo: rolled-back at 0 %');
  expect(await processesNaming(dir)).toEqual([]);
}, 180_000);

it('ends on Ctrl-C in the middle of an act, with nothing left that runs', async () => {
  const dir = await tempFolder();
  const { child, said, ended } = startDemo('--dir', dir);
  await expect.poll(() => said.stdout, { timeout: 60_000 }).toContain('The flag is at 10 %');
  expect((await processesNaming(dir)).length).toBeGreaterThanOrEqual(4);
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(said.stderr).toContain('everything that was started has ended');
  await noneNaming(dir);
}, 120_000);

it('refuses an option it does not know before it starts anything', async () => {
  const { said, ended } = startDemo('--stya');
  expect(await ended).toEqual([2, null]);
  expect(said.stderr).toContain('usage: npm run demo');
});
