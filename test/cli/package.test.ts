/** The package as others install it: in an empty folder, from the packed file. */
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

it('installs elsewhere, offers its command, finds its workflow bundle, and leaves tests and sources at home', async () => {
  const folder = await tempFolder();
  // The run's own setup has built everything.
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root });
  const [packed = ''] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{"name":"somebody-else","private":true}');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  await run('npm', ['install', ...quiet, `./${packed}`], { cwd: folder });
  const help = await run('npx', ['--no-install', 'holdpoint', '--help'], { cwd: folder });
  expect(help.stdout).toContain('Usage: holdpoint');
  await writeFile(
    join(folder, 'holdpoint.config.yaml'),
    `temporal: { address: '127.0.0.1:1' }
flagStores: { local: { kind: file, path: flags.json } }
metrics: { kind: prometheus, url: 'http://127.0.0.1:1' }
archive: { kind: directory, path: packs }
`,
  );
  const worker = await run('npx', ['--no-install', 'holdpoint', 'worker'], { cwd: folder }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  // A missing bundle would be noticed before the missing server.
  expect(worker).toMatchObject({ code: 7, stderr: expect.stringContaining('127.0.0.1:1 cannot be reached') as string });
  const installed = await readdir(join(folder, 'node_modules', 'holdpoint'));
  expect(installed).toContain('tools');
  for (const name of ['src', 'test', 'workflows', '.cache']) expect(installed).not.toContain(name);
  // The packages come from the network where npm has not kept them.
}, 180_000);
