/** In which order things can have happened. */
import type { AuditEntry, AuditKind } from './audit.js';

/** What the entries so far say about the next one. */
export interface AuditOrder {
  readonly last: AuditEntry | null;
  /** `reopened`: it had closed, and a rollback came all the same. */
  readonly story: 'open' | 'closed' | 'reopened';
}

export const freshOrder: AuditOrder = { last: null, story: 'open' };

export function orderAfter({ story }: AuditOrder, entry: AuditEntry): AuditOrder {
  if (entry.kind === 'closed') return { last: entry, story: 'closed' };
  return { last: entry, story: entry.kind === 'rollback' && story === 'closed' ? 'reopened' : story };
}

/** What still reaches a rollout that has closed: messages, troubles, and a rollback that reopens and closes it again. */
const afterClosed: ReadonlySet<AuditKind> = new Set(['message', 'refusal', 'trouble', 'rollback', 'closed']);

/** Null when it can have happened there. */
export function orderProblem(entry: AuditEntry, { last, story }: AuditOrder): string | null {
  const { kind, at } = entry;
  if (last === null && kind !== 'started') return `is a ${kind}; a rollout begins with "started"`;
  if (last !== null && kind === 'started') return 'is a second "started"';
  if (!isInstant(at)) return `has the instant "${at}", which is none`;
  // All of them are spelled alike, so that they sort as text.
  if (last !== null && at < last.at) return `is of ${at}, earlier than the entry before it (${last.at})`;
  if (story === 'open' || afterClosed.has(kind)) {
    return story === 'closed' && kind === 'closed' ? 'closes a rollout that was closed already' : null;
  }
  return `is a ${kind} after the rollout had closed`;
}

function isInstant(at: string): boolean {
  const ms = Date.parse(at);
  return Number.isFinite(ms) && new Date(ms).toISOString() === at;
}
