/** A folder for one test, removed after it. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
