/** Programs that play a package client or a tool: scripts in a folder that is all of PATH. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

export interface FakeMachine {
  /** Nothing else is on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  readonly folder: string;
  /** In a folder of its own when `in` is given, else on PATH. @param script - JavaScript; `args` are its arguments. */
  install(name: string, script: string, options?: { readonly in?: string }): Promise<string>;
}

export async function fakeMachine(): Promise<FakeMachine> {
  const folder = await tempFolder();
  const bin = join(folder, 'bin');
  await mkdir(bin);
  // Scripts without an ending take their module type from the nearest of these: not from whoever left one above.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  return {
    folder,
    cacheDir: join(folder, 'cache'),
    env: { PATH: bin },
    install: async (name, script, { in: where = bin } = {}) => {
      await mkdir(where, { recursive: true });
      const path = join(where, name);
      const lines = [
        `#!${process.execPath}`,
        "const fs = require('node:fs');",
        'const args = process.argv.slice(2);',
        script,
        '',
      ];
      await writeFile(path, lines.join('\n'));
      await chmod(path, 0o755);
      return path;
    },
  };
}

/** A tool that says its version. */
export const saysVersion = (version: string): string => `console.log('tool, version ${version} (branch: HEAD)');`;

const tool = (version: string): string =>
  JSON.stringify(['#!', process.execPath, `\nconsole.log('version ${version}')\n`].join(''));

/** Plays `apt-get download` and `dpkg -x` for Prometheus; `first` runs at each call of apt-get. */
export async function installFakeDebian(machine: FakeMachine, { version = '2.45.3', first = '' } = {}): Promise<void> {
  await machine.install(
    'apt-get',
    `${first}
if (args[0] !== 'download') process.exit(0);
fs.writeFileSync('prometheus_${version}+ds-2_amd64.deb', 'package');`,
  );
  await machine.install(
    'dpkg',
    `const bin = args[2] + '/usr/bin/';
fs.mkdirSync(bin, { recursive: true });
for (const name of ['prometheus', 'promtool']) fs.writeFileSync(bin + name, ${tool(version)});`,
  );
}
