/** The append-only, hash-chained list of what happened. */
import { digestOf } from './digest.js';

export type AuditKind =
  | 'started'
  | 'continued' // the history was long: the same rollout goes on in a new one
  | 'claim'
  | 'flip'
  | 'verdict'
  | 'move'
  | 'smoke'
  | 'probe' // a checklist item that the world answered
  | 'message' // an accepted message that is no decision: attest, pause, resume, rollback
  | 'decision'
  | 'lapse'
  | 'refusal'
  | 'deadline'
  | 'drift'
  | 'breach'
  | 'rollback'
  | 'trouble' // something we could not do and went on without
  | 'closed';

export interface AuditEntry {
  readonly seq: number;
  /** ISO instant. */
  readonly at: string;
  readonly kind: AuditKind;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous: string;
  readonly hash: string;
}

/** What the first entry's `previous` is. */
export const auditRoot = `sha256:${'0'.repeat(64)}`;

export const auditHead = (entries: readonly AuditEntry[]): string => entries.at(-1)?.hash ?? auditRoot;

/** The next entry after `entries`. Members of `data` that are undefined are left out, as JSON would. */
export function nextEntry(
  entries: readonly AuditEntry[],
  what: { readonly at: string; readonly kind: AuditKind; readonly data: Readonly<Record<string, unknown>> },
): AuditEntry {
  const data = Object.fromEntries(Object.entries(what.data).filter(([, value]) => value !== undefined));
  const body = {
    seq: (entries.at(-1)?.seq ?? 0) + 1,
    at: what.at,
    kind: what.kind,
    data,
    previous: auditHead(entries),
  };
  return { ...body, hash: digestOf(body) };
}

/** The first entry that does not follow from the one before it, with what is wrong; null for a whole chain. */
export function firstBadEntry(
  entries: readonly AuditEntry[],
): { readonly seq: number; readonly problem: string } | null {
  let previous = auditRoot;
  for (const [index, entry] of entries.entries()) {
    const { hash, ...body } = entry;
    if (entry.seq !== index + 1)
      return { seq: index + 1, problem: `expected entry ${index + 1}, found entry ${entry.seq}` };
    if (entry.previous !== previous) return { seq: entry.seq, problem: 'does not follow from the entry before it' };
    if (digestOf(body) !== hash) return { seq: entry.seq, problem: 'its content does not give its hash' };
    previous = hash;
  }
  return null;
}
