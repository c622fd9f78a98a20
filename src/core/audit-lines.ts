/** The audit as an open rollout keeps it, a line of JSON for each entry: a third of the memory that its objects take. */
import { auditRoot, entryAfter, type AuditEntry, type EntryContent } from './audit.js';

export interface AuditLines {
  /** The newest ones; those before them are in the archive. */
  readonly lines: string[];
  /** Of the newest entry; 0 before the first. */
  seq: number;
  /** The newest entry's hash. */
  head: string;
}

export const noEntries = (): AuditLines => ({ lines: [], seq: 0, head: auditRoot });

export function addEntry(audit: AuditLines, content: EntryContent): void {
  const entry = entryAfter({ seq: audit.seq, hash: audit.head }, content);
  audit.lines.push(JSON.stringify(entry));
  audit.seq = entry.seq;
  audit.head = entry.hash;
}

/** Lines of entries with a higher number. */
export function linesAfter({ lines, seq: newest }: AuditLines, seq: number): string[] {
  const count = Math.min(lines.length, newest - seq);
  return count <= 0 ? [] : lines.slice(-count);
}

export const entriesIn = (lines: readonly string[]): AuditEntry[] =>
  lines.map((line) => JSON.parse(line) as AuditEntry);

export const charsIn = (lines: readonly string[]): number => lines.reduce((sum, { length }) => sum + length, 0);

/** JSON characters that are handed over at once: Temporal ends a workflow at 2 MiB, and each may take three bytes. */
export const sliceChars = 500_000;

/** In order, each line once; always one slice at least, and one line at least in each of several. */
export function sliceLines(lines: readonly string[], chars = sliceChars): readonly (readonly string[])[] {
  const slices: string[][] = [[]];
  let left = chars;
  for (const line of lines) {
    let slice = slices.at(-1);
    if (slice === undefined || (line.length > left && slice.length > 0)) {
      slice = [];
      slices.push(slice);
      left = chars;
    }
    slice.push(line);
    left -= line.length;
  }
  return slices;
}
