/** What an application loads: the flag client for browsers, for Node and for a script tag, what counts its answers, and the OpenFeature providers; one small file each. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newestIn } from './build-bundle.mjs';
import { root } from './run-step.mjs';

const sources = ['src/flag-client', 'src/openfeature'];

const files = [
  { input: 'flag-client/browser.ts', output: 'browser.js', format: 'esm', platform: 'browser' },
  { input: 'flag-client/node/node.ts', output: 'node.js', format: 'esm', platform: 'node' },
  { input: 'flag-client/metrics.ts', output: 'metrics.js', format: 'esm', platform: 'browser' },
  { input: 'flag-client/script-tag.ts', output: 'flags.script.js', format: 'iife', platform: 'browser' },
  { input: 'openfeature/server.ts', output: 'openfeature-server.js', format: 'esm', platform: 'node' },
  { input: 'openfeature/web.ts', output: 'openfeature-web.js', format: 'esm', platform: 'browser' },
];

export async function buildFlagClient() {
  const folder = join(root, 'dist', 'flag-client');
  const times = [...(await Promise.all(sources.map(newestIn))), (await stat(new URL(import.meta.url))).mtimeMs];
  const newest = Math.max(...times);
  const built = await Promise.all(files.map(({ output }) => changedAt(join(folder, output))));
  if (Math.min(...built) > newest) return;
  const { rolldown } = await import('rolldown');
  await mkdir(folder, { recursive: true });
  for (const { input, output, format, platform } of files) {
    const bundle = await rolldown({ input: join(root, 'src', input), platform, transform: { target: 'es2022' } });
    await bundle.write({ file: join(folder, output), format, minify: true, comments: false });
    await bundle.close();
  }
}

const changedAt = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
