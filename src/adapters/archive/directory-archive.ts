/** Packs in a folder: each file whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdapterError } from '../adapter-error.js';
import { checkedPath } from './archive-path.js';
import type { Archive } from './archive.js';

export function openDirectoryArchive(root: string): Archive {
  const adapter = `archive ${root}`;
  const failed = (what: string, error: unknown): AdapterError => {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOSPC' ? 'no-space' : code === 'EACCES' || code === 'EROFS' ? 'not-permitted' : 'unreachable';
    return new AdapterError(adapter, reason, `The archive could not ${what}: ${message}.`, { cause: error });
  };
  return {
    put: async (path, text) => {
      const target = join(root, checkedPath(adapter, path));
      await replace(target, text).catch((error: unknown) => {
        throw failed(`write ${path}`, error);
      });
    },
    get: async (path) => {
      try {
        return await readFile(join(root, checkedPath(adapter, path)), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error instanceof AdapterError ? error : failed(`read ${path}`, error);
      }
    },
  };
}

async function replace(target: string, text: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
