/** Reads a file again only when it may have changed: a thousand guards ask for the same megabyte every few seconds. */
import { readFile, stat } from 'node:fs/promises';

/**
 * Some file systems count time in seconds or two: a change that comes soon after another one may leave the same times.
 * What was changed so long ago, as the file says, cannot be changed again without its times telling.
 */
const settledAfterMs = 5_000;

interface Seen {
  readonly mark: string;
  readonly bytes: Buffer;
}

/** Empty where there is no file. Answers are shared: never change one. */
export function settledFile(path: string, settledMs = settledAfterMs): () => Promise<Buffer> {
  let seen: Seen | null = null;
  return async () => {
    const before = await standingOf(path);
    if (before !== null && before.mark === seen?.mark) return seen.bytes;
    const bytes = await readBytes(path);
    const after = await standingOf(path);
    const settled = before !== null && before.mark === after?.mark && Date.now() - before.changedMs > settledMs;
    seen = settled ? { mark: before.mark, bytes } : null;
    return bytes;
  };
}

/** Empty where there is no file. */
export async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}

/** Of what a link leads to. Null where there is nothing. */
async function standingOf(path: string): Promise<{ readonly mark: string; readonly changedMs: number } | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    const changedNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
    return { mark: [dev, ino, size, mtimeNs, ctimeNs].join(' '), changedMs: Number(changedNs / 1_000_000n) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
