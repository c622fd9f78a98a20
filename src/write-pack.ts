/** A pack into a folder of its own: whole or not at all, and never over something that is there. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileTrouble } from './adapters/file-trouble.js';
import { syncFolder } from './adapters/replace-file.js';
import type { PackTexts } from './core/pack-files.js';

/** False when there is something already. Throws `AdapterError`. */
export async function writePack(path: string, texts: PackTexts): Promise<boolean> {
  const target = resolve(path);
  try {
    if (!(await isFree(target))) return false;
    await mkdir(dirname(target), { recursive: true });
    const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
    try {
      await fill(temporary, texts);
      return await landed(temporary, target);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileTrouble('pack', `The pack could not be written to ${path}`, error);
  }
}

/** An empty folder may be taken. */
async function isFree(target: string): Promise<boolean> {
  try {
    return (await readdir(target)).length === 0;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    if (codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

async function fill(folder: string, texts: PackTexts): Promise<void> {
  const folders = new Set([folder]);
  await mkdir(folder);
  for (const [path, text] of Object.entries(texts)) {
    const file = join(folder, path);
    folders.add(dirname(file));
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  for (const made of folders) await syncFolder(made);
}

/** The system replaces only an empty folder: of two that are written at once, one lands. */
async function landed(temporary: string, target: string): Promise<boolean> {
  try {
    await rename(temporary, target);
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
  await syncFolder(dirname(target));
  return true;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
