/** Entries cut into parts that a server takes: Temporal ends a workflow that hands over more than 2 MiB at once. */
import type { AuditEntry } from './audit.js';

/** JSON characters; three bytes each at the very worst still fit. */
export const sliceChars = 500_000;

export const auditChars = (entries: readonly AuditEntry[]): number =>
  entries.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);

/** In order, each entry once; always one slice at least, and one entry at least in each of several. */
export function sliceEntries(entries: readonly AuditEntry[], chars = sliceChars): readonly (readonly AuditEntry[])[] {
  const slices: AuditEntry[][] = [[]];
  let left = chars;
  for (const entry of entries) {
    const { length } = JSON.stringify(entry);
    let slice = slices.at(-1);
    if (slice === undefined || (length > left && slice.length > 0)) {
      slice = [];
      slices.push(slice);
      left = chars;
    }
    slice.push(entry);
    left -= length;
  }
  return slices;
}
