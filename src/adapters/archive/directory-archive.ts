/** Packs in a folder: each file whole or not at all, and still there after a power cut. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileTrouble } from '../file-trouble.js';
import { replaceFile, syncFolder } from '../replace-file.js';
import { checkedPath } from './archive-path.js';
import type { Archive } from './archive.js';

export function openDirectoryArchive(root: string): Archive {
  const adapter = `archive ${root}`;
  const folder = resolve(root);
  return {
    put: async (path, text) => {
      const target = join(folder, checkedPath(adapter, path));
      await putFile(target, text).catch((error: unknown) => {
        throw fileTrouble(adapter, `The archive could not write ${target}`, error);
      });
    },
    get: async (path) => {
      const target = join(folder, checkedPath(adapter, path));
      try {
        return await readFile(target, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return null;
        throw fileTrouble(adapter, `The archive could not read ${target}`, error);
      }
    },
  };
}

async function putFile(target: string, text: string): Promise<void> {
  const folder = dirname(target);
  const made = await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  if (!(await replaceFile(target, text, { temporary }))) {
    throw new Error('its folder was cleared while it was being written; try again');
  }
  // New folders are entries of their parents: up to the one that was there before.
  if (made === undefined) return;
  for (let at = folder; at.length >= made.length; at = dirname(at)) await syncFolder(dirname(at));
}
