/** Once per test run: compiled files, the production bundle and the servers' paths. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTools } from '#tools/find-tools.mjs';
import { buildBundle } from '#tools/build-bundle.mjs';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(project: TestProject): Promise<void> {
  const onProgress = (line: string): void => console.error(line);
  const [temporal, testServer] = await findTools(['temporal', 'temporal-test-server'], { onProgress });
  project.provide('temporalPath', temporal!.path);
  project.provide('testServerPath', testServer!.path);
  project.provide('bundlePath', await buildBundle());
  await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { cwd: root }).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(`The sources do not compile:\n${stdout}`);
    },
  );
  project.provide('cliPath', `${root}dist/src/cli/main.js`);
}
