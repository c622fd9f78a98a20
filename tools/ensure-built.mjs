/** Compiled files, flag client and workflow bundle in `dist/`, made again only when a source is newer. One build at a time between processes. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundle, newestIn } from './build-bundle.mjs';
import { buildFlagClient } from './build-flag-client.mjs';
import { withFolderLock } from './folder-lock.mjs';
import { installedBinary, root, runStep } from './run-step.mjs';

const stamp = join(root, 'dist', '.built');
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

export async function ensureBuilt() {
  mkdirSync(join(root, '.cache'), { recursive: true });
  await withFolderLock(join(root, '.cache', 'build.lock'), () => console.error('waiting for another build'), build);
}

async function build() {
  const folders = await Promise.all(['src', 'workflows', 'activities'].map(newestIn));
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => changedAt(join(root, name)));
  const begunAt = new Date();
  if (changedAt(stamp) <= Math.max(...folders, ...files)) {
    runStep('compile', installedBinary('tsc'), ['-p', 'tsconfig.build.json']);
    writeFileSync(stamp, '');
    // As old as the sources that were read: what is changed during the build is newer.
    utimesSync(stamp, begunAt, begunAt);
  }
  await buildFlagClient();
  await buildBundle();
}
