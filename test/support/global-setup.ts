/** Once per test run: the production bundle and the servers' paths. */
import { findTools } from '#tools/find-tools.mjs';
import { buildBundle } from '#tools/build-bundle.mjs';
import type { TestProject } from 'vitest/node';

export default async function setup(project: TestProject): Promise<void> {
  const onProgress = (line: string): void => console.error(line);
  const [temporal, testServer] = await findTools(['temporal', 'temporal-test-server'], { onProgress });
  project.provide('temporalPath', temporal!.path);
  project.provide('testServerPath', testServer!.path);
  project.provide('bundlePath', await buildBundle());
}
