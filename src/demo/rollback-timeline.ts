/** From the moment something broke to the moment no user got it any more, in the words of those who saw it. Pure. */
import type { AuditEntry } from '../core/audit.js';
import type { Receipt } from '../core/flag-record.js';
import type { Sample } from '../core/sample.js';
import type { ObeyedChange } from './target-client.js';

export interface TimelineStep {
  readonly afterMs: number;
  readonly what: string;
}

export interface TimelineInput {
  /** ISO instant. */
  readonly brokenAt: string;
  readonly audit: readonly AuditEntry[];
  readonly obeyed: readonly ObeyedChange[];
}

/** In the order of time. Whoever saw nothing is left out. */
export function rollbackTimeline({ brokenAt, audit, obeyed }: TimelineInput): TimelineStep[] {
  const rollback = audit.find(({ kind }) => kind === 'rollback');
  const receipt = rollback?.data['receipt'] as Receipt | undefined;
  const askedAt = rollback?.data['askedAt'];
  const back = obeyed.find(({ at, percent }) => percent === 0 && at >= brokenAt);
  const seen: readonly (readonly [at: unknown, what: string])[] = [
    [brokenAt, 'the new code path begins to fail'],
    ...noticed(audit),
    [askedAt, 'the workflow judges that again, and rolls back'],
    [back?.at, 'the service obeys: nobody gets the new code path'],
    [receipt?.writtenAt, 'the safe state is written durably'],
    [receipt?.provenAt, 'the safe state is proven by reading it back'],
  ];
  return seen
    .flatMap(([at, what]) => (typeof at === 'string' ? [{ afterMs: Date.parse(at) - Date.parse(brokenAt), what }] : []))
    .sort((a, b) => a.afterMs - b.afterMs);
}

/** The guard's failing windows; or, when a look was quicker, the verdict that failed. */
function noticed(audit: readonly AuditEntry[]): (readonly [at: unknown, what: string])[] {
  const breach = audit.find(({ kind, data }) => kind === 'breach' && data['confirmed'] === true);
  if (breach === undefined) {
    const failed = audit.findLast(({ kind, data }) => kind === 'verdict' && data['outcome'] === 'fail');
    return [[failed?.data['evidenceAt'], 'a look sees it']];
  }
  const samples = breach.data['samples'] as readonly Sample[];
  return samples.map(({ at }, index) => [
    at,
    index === 0 ? 'the guard sees it' : 'the guard sees it again, in a window of its own',
  ]);
}
