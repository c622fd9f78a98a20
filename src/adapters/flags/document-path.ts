/** Where a flag document really is, and the temporary files beside it. */
import { readdir, readlink, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Behind every symbolic link, also when nothing is there yet: replacing the link itself would cut its readers off. */
export async function documentPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const folder = await realpath(dirname(path));
  const link = await readlink(path).catch(() => null);
  return link === null ? join(folder, basename(path)) : documentPath(resolve(folder, link));
}

export const temporaryPath = (target: string, lockId: string): string => `${target}.${lockId}.tmp`;

/**
 * Whoever holds the lock removes every other writer's temporary file. A writer whose lock was broken between its last
 * look and its rename then has nothing to rename: it never lands. It also clears what killed writers left.
 */
export async function removeStrayWrites(target: string): Promise<void> {
  const folder = dirname(target);
  const name = basename(target);
  for (const file of await readdir(folder)) {
    if (!file.startsWith(`${name}.`) || !lockIdAndTmp.test(file.slice(name.length))) continue;
    await rm(join(folder, file), { force: true });
  }
}

const lockIdAndTmp = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
