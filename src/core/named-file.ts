/** The file of the pack that an entry rests on: samples of a verdict, answers to a probe. */
import type { AuditEntry } from './audit.js';
import { readMembers } from './person.js';

export interface NamedFile {
  readonly file: string;
  /** Over its bytes, as `sha256sum` prints it. */
  readonly digest: string;
}

/** What a file of the pack holds. */
export interface PackFile {
  readonly text: string;
  /** Over its bytes. */
  readonly digest: string;
}

/** What is wrong with it, as it is found in the pack; null when it is what was written. */
export function fileProblem({ file, digest }: NamedFile, files: ReadonlyMap<string, PackFile>): string | null {
  const kept = files.get(file);
  if (kept === undefined) return 'is not in the pack';
  return kept.digest === digest ? null : 'is not the file that was written: its digest is another';
}

/** Null for an entry that names none. */
export function namedFile({ kind, data }: AuditEntry): NamedFile | null {
  if (kind !== 'verdict' && kind !== 'probe') return null;
  const { file, digest } = readMembers(kind === 'probe' ? data['archived'] : readMembers(data['evidence'])['answers']);
  return typeof file === 'string' ? { file, digest: typeof digest === 'string' ? digest : '' } : null;
}
