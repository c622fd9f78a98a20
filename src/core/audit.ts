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

export type EntryContent = Pick<AuditEntry, 'at' | 'kind' | 'data'>;

/** The next entry after `entries`. */
export const nextEntry = (entries: readonly AuditEntry[], what: EntryContent): AuditEntry =>
  entryAfter({ seq: entries.at(-1)?.seq ?? 0, hash: auditHead(entries) }, what);

/** Members of `data` that are undefined are left out, as JSON would. */
export function entryAfter({ seq, hash: previous }: Pick<AuditEntry, 'seq' | 'hash'>, what: EntryContent): AuditEntry {
  const data = Object.fromEntries(Object.entries(what.data).filter(([, value]) => value !== undefined));
  const body = { seq: seq + 1, at: what.at, kind: what.kind, data, previous };
  return { ...body, hash: digestOf(body) };
}

/** What is wrong with the entry that should be number `seq`; null when it follows from the one before it. */
export function linkProblem(entry: AuditEntry, seq: number, previous: string): string | null {
  const { hash, ...body } = entry;
  if (entry.seq !== seq) return `expected entry ${seq}, found entry ${entry.seq}`;
  if (entry.previous !== previous) return 'does not follow from the entry before it';
  return digestOf(body) === hash ? null : 'its content does not give its hash';
}

/** The first entry that does not follow from the one before it, with what is wrong; null for a whole chain. */
export function firstBadEntry(
  entries: readonly AuditEntry[],
): { readonly seq: number; readonly problem: string } | null {
  let previous = auditRoot;
  for (const [index, entry] of entries.entries()) {
    const problem = linkProblem(entry, index + 1, previous);
    if (problem !== null) return { seq: index + 1, problem };
    previous = entry.hash;
  }
  return null;
}

export type JoinedEntries =
  { readonly ok: true; readonly entries: readonly AuditEntry[] } | { readonly ok: false; readonly problem: string };

/** What was kept before, with newer entries that may overlap it. Never a list with a hole, never another's. */
export function joinEntries(kept: readonly AuditEntry[], newer: readonly AuditEntry[]): JoinedEntries {
  const bad = firstBadEntry(kept);
  if (bad !== null) return { ok: false, problem: `entry ${bad.seq} of what was kept before: ${bad.problem}` };
  const first = newer[0]?.seq ?? kept.length + 1;
  if (first > kept.length + 1) {
    return { ok: false, problem: `entries ${kept.length + 1} to ${first - 1} are missing` };
  }
  const differs = newer.find(({ seq, hash }) => seq <= kept.length && kept[seq - 1]?.hash !== hash);
  if (differs !== undefined) {
    return { ok: false, problem: `entry ${differs.seq} of what was kept before is not this rollout's` };
  }
  const entries = [...kept, ...newer.filter(({ seq }) => seq > kept.length)];
  const broken = firstBadEntry(entries);
  return broken === null ? { ok: true, entries } : { ok: false, problem: `entry ${broken.seq}: ${broken.problem}` };
}
