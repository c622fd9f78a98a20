/** Once per test run: compiled files, the production bundle and the servers' paths. */
import { fileURLToPath } from 'node:url';
import { findTools } from '#tools/find-tools.mjs';
import { buildBundle } from '#tools/build-bundle.mjs';
import { ensureBuilt } from '#tools/ensure-built.mjs';
import type { TestProject } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function setup(project: TestProject): Promise<void> {
  const onProgress = (line: string): void => console.error(line);
  const [temporal, testServer] = await findTools(['temporal', 'temporal-test-server'], { onProgress });
  project.provide('temporalPath', temporal!.path);
  project.provide('testServerPath', testServer!.path);
  await ensureBuilt();
  project.provide('bundlePath', await buildBundle());
  project.provide('cliPath', `${root}dist/src/cli/main.js`);
}
