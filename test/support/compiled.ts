/** One file of ours and what it imports as JavaScript, for tests that need a process of its own to kill, stop or limit. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * Called at the top of a test file or a `describe`; the answer gives the program's path once tests run.
 *
 * @param source - from the root, such as `test/support/children/x.ts`.
 * @param beside - what it loads without importing it.
 */
export function compiled(source: string, ...beside: string[]): () => string {
  let folder = '';
  beforeAll(async () => {
    // Below the root, where packages are found.
    const cache = join(root, '.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(join(cache, 'compiled-'));
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: false, outDir: join(folder, 'out'), rootDir: root },
      files: [source, ...beside].map((file) => join(root, file)),
      include: [],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(folder, 'tsconfig.json')]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => join(folder, 'out', source.replace(/\.ts$/, '.js'));
}
