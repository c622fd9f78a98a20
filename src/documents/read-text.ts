/** The text of a file a person named; not being able to read it is a problem like any other. */
import { readFile } from 'node:fs/promises';
import type { Problem } from './problem.js';

export type ReadText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param advice - what to do when there is no such file. Never throws. */
export async function readText(path: string, advice: string): Promise<ReadText> {
  try {
    return { ok: true, text: await readFile(path, 'utf8') };
  } catch (error) {
    return {
      ok: false,
      problems: [{ file: path, line: 1, column: 1, message: explain(error, advice), severity: 'error' }],
    };
  }
}

function explain(error: unknown, advice: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no such file; ${advice}`;
  if (code === 'EISDIR') return `this is a folder, not a file; ${advice}`;
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read the file; change its permissions';
  return `the file cannot be read: ${message}`;
}
