/** What every workflow here writes down: a hash-chained audit of its own. */
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
}

export const freshRecords = (): Records => ({ audit: noEntries(), exported: 0, exportTried: 0, announcements: 0 });

/** Adds to the audit. */
export function record(run: Pick<Records, 'audit'>, kind: AuditKind, data: Readonly<Record<string, unknown>>): void {
  addEntry(run.audit, { at: iso(Date.now()), kind, data });
}
