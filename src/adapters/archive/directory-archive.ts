/** Packs in a folder: each file whole or not at all, and still there after a power cut. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { checkedPath } from './archive-path.js';
import type { Archive } from './archive.js';

export function openDirectoryArchive(root: string): Archive {
  const adapter = `archive ${root}`;
  const folder = resolve(root);
  return {
    put: async (path, text) => {
      const target = join(folder, checkedPath(adapter, path));
      await replace(target, text).catch((error: unknown) => {
        throw failed(adapter, `write ${path}`, error);
      });
    },
    get: async (path) => {
      const target = join(folder, checkedPath(adapter, path));
      try {
        return await readFile(target, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return null;
        throw failed(adapter, `read ${path}`, error);
      }
    },
  };
}

const reasons: Readonly<Record<string, readonly [AdapterErrorReason, string]>> = {
  ENOSPC: ['no-space', 'the disk is full; free some space'],
  EDQUOT: ['no-space', 'the quota is used up; free some space'],
  EACCES: ['not-permitted', 'this process may not use it; give it the rights'],
  EPERM: ['not-permitted', 'this process may not use it; give it the rights'],
  EROFS: ['not-permitted', 'the file system is read-only'],
  ENOTDIR: ['refused', 'a part of its path is a file, not a folder'],
  EEXIST: ['refused', 'a part of its path is a file, not a folder'],
  EISDIR: ['refused', 'there is a folder of that name'],
};

function failed(adapter: string, what: string, error: unknown): AdapterError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason, why] = reasons[code] ?? ['unreachable', message];
  return new AdapterError(adapter, reason, `The archive could not ${what}: ${why}.`, { cause: error });
}

async function replace(target: string, text: string): Promise<void> {
  const folder = dirname(target);
  const made = await mkdir(folder, { recursive: true });
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
  await sync(folder);
  // New folders are entries of their parents: up to the one that was there before.
  if (made !== undefined) for (let at = folder; at.length >= made.length; at = dirname(at)) await sync(dirname(at));
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
