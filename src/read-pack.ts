/** A pack as it lies in a folder. Whoever made it is not trusted: only what is in the folder itself is read, byte for byte. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileTrouble } from './adapters/file-trouble.js';
import { notUtf8 } from './core/audit-text.js';
import { textDigest } from './core/digest.js';
import type { PackFile } from './core/named-file.js';
import { packFiles } from './core/pack-files.js';
import type { Pack } from './core/pack.js';

export type ReadPack = { readonly ok: true; readonly pack: Pack } | { readonly ok: false; readonly problem: string };

/** A whole day is a megabyte or two. */
const mostBytes = 64 * 1_024 * 1_024;

const recordFiles = new Set<string>(Object.values(packFiles));

/** Throws `AdapterError` for what is there and cannot be read. */
export async function readPack(path: string): Promise<ReadPack> {
  try {
    return await readFolder(resolve(path));
  } catch (error) {
    throw fileTrouble('pack', `The pack ${path} could not be read`, error);
  }
}

async function readFolder(folder: string): Promise<ReadPack> {
  const names = await namesIn(folder);
  if (names === null) return refused('there is no such folder');
  if (!names.includes(packFiles.audit)) return refused(`there is no ${packFiles.audit} in it`);
  const samples = names.includes('samples') ? await namesIn(join(folder, 'samples')) : null;
  const paths = [
    ...names.filter((name) => samples === null || name !== 'samples'),
    ...(samples ?? []).map((name) => `samples/${name}`),
  ];
  const files = new Map<string, PackFile>();
  for (const path of paths) {
    const bytes = await bytesOf(folder, path);
    if (bytes === 'too-large') return refused(`its ${path} is larger than 64 MiB`);
    const text = path === packFiles.audit ? decodeLines(bytes) : (decode(bytes) ?? notUtf8);
    files.set(path, { text, digest: textDigest(text) });
  }
  return { ok: true, pack: { files, folder: basename(folder) } };
}

const refused = (why: string): ReadPack => ({
  ok: false,
  problem: `${why}. A pack is the folder of one run: <archive>/<environment>/<flag key>/<run id>, or what "holdpoint audit export" wrote`,
});

/** Null when it is no folder. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** What no pack has is named, not read: nothing rests on it, and it may be a pipe that never ends. */
async function bytesOf(folder: string, path: string): Promise<Uint8Array | 'too-large'> {
  const none = new Uint8Array();
  if (!recordFiles.has(path) && !path.startsWith('samples/')) return none;
  const info = await stat(join(folder, path));
  if (!info.isFile()) return none;
  return info.size > mostBytes ? 'too-large' : readFile(join(folder, path));
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Line by line where it must be, so that the line that is no text can be named. */
function decodeLines(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== null) return whole;
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length;) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    lines.push(decode(bytes.subarray(from, to)) ?? notUtf8);
    from = to + 1;
  }
  return lines.join('\n');
}
