/** `ops/flags/toggle.sh` in sh and in bash, over the real command line and a real flag document. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { tempFolder } from '../support/temp-folder.js';

const script = fileURLToPath(new URL('../../ops/flags/toggle.sh', import.meta.url));

interface End {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function aToggle(text: string | null = null) {
  const folder = await tempFolder();
  // With a space in it: nothing may fall apart on the way.
  const config = join(folder, 'our config.yaml');
  const flags = join(folder, 'flags.json');
  await writeFile(
    config,
    stringify({
      temporal: { address: '127.0.0.1:1' },
      flagStores: { local: { kind: 'file', path: 'flags.json' } },
      metrics: { kind: 'prometheus', url: 'http://127.0.0.1:1' },
      archive: { kind: 'directory', path: 'packs' },
    }),
  );
  if (text !== null) await writeFile(flags, text);
  const runIn = (cwd: string, ...command: [string, ...string[]]): Promise<End> =>
    new Promise((resolve) => {
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, HOLDPOINT_CONFIG: config, HOLDPOINT_USER: 'dana' };
      const [shell, ...args] = command;
      execFile(shell, args, { cwd, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      );
    });
  const run = (shell: string, ...args: string[]): Promise<End> => runIn(folder, shell, script, ...args);
  const values = async (): Promise<Record<string, boolean>> => {
    const held = createFlags({ document: JSON.parse(await readFile(flags, 'utf8')) as object });
    return Object.fromEntries(held.keys().map((key) => [key, held.get(key, false, { targetingKey: 'dana' })]));
  };
  return { folder, config, flags, run, runIn, values };
}

it('sets the percent and the switch beside it, shows both, and notes why', async () => {
  const { run, values, flags } = await aToggle();
  const all = await run('sh', '--percent', '100', '--unified-only', 'on', '--reason', "it's time, $HOME");
  expect(all.code, all.stderr).toBe(0);
  expect(await values()).toEqual({ 'reporting-unified': true, 'reporting-unified-only': true });
  const status = await run('bash', '--status');
  expect(status.code, status.stderr).toBe(0);
  expect(status.stdout).toMatch(/reporting-unified in store local\nPercent +100 %/);
  expect(status.stdout).toMatch(/reporting-unified-only in store local\nPercent +100 %/);
  expect(await run('bash', '--unified-only', 'off')).toMatchObject({ code: 0 });
  expect(await run('sh', '--percent', '0')).toMatchObject({ code: 0 });
  expect(await values()).toEqual({ 'reporting-unified': false, 'reporting-unified-only': false });
  const log = (await readFile(`${flags}.log.jsonl`, 'utf8')).trim().split('\n');
  expect(log.map((line) => JSON.parse(line) as object)).toMatchObject([
    { key: 'reporting-unified', by: 'dana', reason: "it's time, $HOME", after: { percent: 100 } },
    { key: 'reporting-unified-only', reason: "it's time, $HOME", after: { percent: 100 } },
    { key: 'reporting-unified-only', reason: 'set with toggle.sh', after: { percent: 0 } },
    { key: 'reporting-unified', reason: 'set with toggle.sh', after: { percent: 0 } },
  ]);
});

it('a dry run writes nothing; a configuration and a store may be named', async () => {
  const { run, config, flags } = await aToggle(documentOf({ 'reporting-unified': { percent: 10 } }));
  const before = await readFile(flags, 'utf8');
  const dry = await run('sh', '--percent', '25', '--dry-run', '--config', config, '--store', 'local');
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('10 % → 25 %') as string });
  expect(await readFile(flags, 'utf8')).toBe(before);
});

it('what the command refuses ends the script with the same code, before the second flag is touched', async () => {
  const document = JSON.parse(documentOf({ 'reporting-unified': { percent: 10 } })) as {
    flags: Record<string, { metadata: object }>;
  };
  Object.assign(document.flags['reporting-unified']?.metadata ?? {}, {
    'holdpoint.owner': 'rollout/production/x@run-1',
  });
  const text = JSON.stringify(document);
  const { run, flags } = await aToggle(text);
  const refused = await run('sh', '--percent', '50', '--unified-only', 'on');
  expect(refused).toMatchObject({ code: 7, stderr: expect.stringContaining('--break-glass') as string });
  expect(await readFile(flags, 'utf8')).toBe(text);
});

it.each([
  [['--percent', '30'], 'holdpoint flag set reporting-unified PERCENT'],
  [['--percent', '101'], '--percent takes 0, 10, 25, 50 or 100, not "101"'],
  [['--percent', '-1'], 'not "-1"'],
  [['--percent', '50 %'], 'not "50 %"'],
  [['--percent', ''], 'not ""'],
  [['--percent'], '--percent needs a value'],
  [['--unified-only', 'true'], '--unified-only takes on or off, not "true"'],
  [['--status', '--percent', '10'], '--status goes alone'],
  [['--percnt', '10'], '--percnt is not known'],
  [['--dry-run'], 'nothing to do'],
  [[], 'nothing to do'],
])('%j is refused with why', async (args, why) => {
  const { run } = await aToggle();
  for (const shell of ['sh', 'bash']) {
    expect(await run(shell, ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) as string });
  }
});

it('--help says what there is', async () => {
  const { run } = await aToggle();
  expect(await run('sh', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--unified-only') as string,
  });
});

it.each(['sh', 'bash'])(
  'copied, it takes the command that is installed here or above; without one it says so (%s)',
  async (shell) => {
    const { folder, runIn } = await aToggle(documentOf({ 'reporting-unified': { percent: 10 } }));
    const copy = join(folder, 'toggle.sh');
    const below = join(folder, 'some where', 'below');
    await mkdir(below, { recursive: true });
    await copyFile(script, copy);
    const missing = await runIn(below, shell, copy, '--status');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('holdpoint is not installed here')]);
    await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true });
    const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
    await writeFile(join(folder, 'node_modules', '.bin', 'holdpoint'), `#!/bin/sh\nexec node '${main}' "$@"\n`, {
      mode: 0o755,
    });
    const found = await runIn(below, shell, copy, '--percent', '25');
    expect(found.code, found.stderr).toBe(0);
  },
);
