/** What an application loads of the flag client: one small file each for browsers, for Node and for a script tag. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newestIn } from './build-bundle.mjs';
import { root } from './run-step.mjs';

const source = 'src/flag-client';

const files = [
  { input: 'browser.ts', output: 'browser.js', format: 'esm', platform: 'browser' },
  { input: 'node/node.ts', output: 'node.js', format: 'esm', platform: 'node' },
  { input: 'script-tag.ts', output: 'flags.script.js', format: 'iife', platform: 'browser' },
];

export async function buildFlagClient() {
  const folder = join(root, 'dist', 'flag-client');
  const newest = Math.max(await newestIn(source), (await stat(new URL(import.meta.url))).mtimeMs);
  const built = await Promise.all(files.map(({ output }) => changedAt(join(folder, output))));
  if (Math.min(...built) > newest) return;
  const { rolldown } = await import('rolldown');
  await mkdir(folder, { recursive: true });
  for (const { input, output, format, platform } of files) {
    const bundle = await rolldown({ input: join(root, source, input), platform, transform: { target: 'es2022' } });
    await bundle.write({ file: join(folder, output), format, minify: true, comments: false });
    await bundle.close();
  }
}

const changedAt = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
