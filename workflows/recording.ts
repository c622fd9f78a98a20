/** What every workflow here writes down: a hash-chained audit of its own. */
import { currentUpdateInfo, upsertMemo } from '@temporalio/workflow';
import { addEntry, noEntries, type AuditLines } from '../src/core/audit-lines.js';
import type { AuditKind } from '../src/core/audit.js';
import { iso } from '../src/core/instant.js';
import type { Plan } from '../src/core/plan.js';

/** What of it the next run needs when the history grows long. */
export interface Records {
  /** All entries; after a long history only those that the archive may not have yet. */
  audit: AuditLines;
  /** The last entry that the archive took. */
  exported: number;
  /** The last entry that was ever on its way there. */
  exportTried: number;
  announcements: number;
}

/** A workflow that keeps records. */
export interface Recorded extends Records {
  readonly plan: Plan;
  readonly workflowId: string;
  /** Of the first run: it stays the same over continue-as-new. */
  readonly runId: string;
  /** Where in the archive. */
  readonly pack: string;
  /** Announcements and exports on their way. */
  telling: number;
  /** See `onlyEventsCount`. */
  readonly onlyEventsCount: boolean;
}

export const freshRecords = (): Records => ({ audit: noEntries(), exported: 0, exportTried: 0, announcements: 0 });

/** Adds to the audit. */
export function record(
  run: Pick<Recorded, 'audit' | 'onlyEventsCount'>,
  kind: AuditKind,
  data: Readonly<Record<string, unknown>>,
): void {
  addEntry(run.audit, { at: iso(Date.now()), kind, data });
  if (mayStandAlone[kind]) leaveEvent(run);
}

/** Which entries may be made in a task that commands nothing. The story always does something next. */
const mayStandAlone: Readonly<Record<AuditKind, boolean>> = {
  started: false,
  continued: false,
  claim: false,
  flip: false,
  verdict: false,
  move: false,
  lapse: false,
  deadline: false,
  rollback: false,
  closed: false,
  smoke: true,
  probe: true,
  message: true,
  decision: true,
  refusal: true,
  drift: true,
  breach: true,
  trouble: true,
};

/**
 * Whoever keeps the time of a task that may command nothing leaves an event. A replay takes such a task together with
 * one right behind it, such as that of a refused Update, and gives both the later one's time: an entry would have
 * another hash than the one that the archive has. An Update's handler needs none, it has its own events.
 */
export function leaveEvent({ audit, onlyEventsCount }: Pick<Recorded, 'audit' | 'onlyEventsCount'>): void {
  if (onlyEventsCount && currentUpdateInfo() === undefined) upsertMemo({ recorded: audit.seq });
}
