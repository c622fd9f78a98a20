/** Handing the audit to the archive: in parts, for Temporal ends a workflow that hands over too much at once. */
import { CancellationScope } from '@temporalio/workflow';
import { charsIn, entriesIn, linesAfter, sliceChars, sliceLines, type AuditLines } from '../src/core/audit-lines.js';
import type { RolloutResult } from '../src/core/rollout-shapes.js';
import { records } from './activity-proxies.js';
import { record, type Recorded } from './recording.js';
import { rootMessage } from './root-message.js';

export interface Handover {
  /** What Temporal's UI shows of it. */
  readonly summary: string;
  /** With it the pack is whole; null: the story goes on. */
  readonly result: RolloutResult | null;
}

/** All that the archive may not have yet. Beside the story: a slow archive holds up nothing, and its failure is noted. */
export function archive(run: Recorded, handover: Handover): Promise<void> {
  const what = handover.result === null ? 'records not exported' : 'the pack was not written';
  run.telling += 1;
  return CancellationScope.nonCancellable(() => handOver(run, handover))
    .catch((error: unknown) => record(run, 'trouble', { what, detail: rootMessage(error) }))
    .finally(() => {
      run.telling -= 1;
    });
}

async function handOver(run: Recorded, { summary, result }: Handover): Promise<void> {
  const { pack, plan, workflowId: rollout, runId } = run;
  const slices = sliceLines(linesAfter(run.audit, run.exported));
  run.exportTried = run.audit.seq;
  for (const [index, lines] of slices.entries()) {
    const entries = entriesIn(lines);
    const isLast = index === slices.length - 1;
    await records(summary).exportRecords({ pack, plan, entries, result: isLast ? result : null, rollout, runId });
    run.exported = Math.max(run.exported, entries.at(-1)?.seq ?? 0);
  }
}

/** More waits than is handed over at once. An archive that is down is not asked each time. */
export const muchToArchive = ({ audit, exported, exportTried }: Recorded): boolean =>
  charsIn(linesAfter(audit, Math.max(exported, exportTried))) > sliceChars;

/** For the next run: what the archive has is not carried, but for the newest entry, to which the next one chains. */
export const auditToCarry = ({ audit, exported }: Recorded): AuditLines => ({
  ...audit,
  lines: linesAfter(audit, Math.min(exported, audit.seq - 1)),
});

/**
 * While an archive that is down leaves more entries here than a new run may be handed, the old one goes on: its history
 * has room for ten times that.
 */
export const canBeCarried = (run: Recorded): boolean => charsIn(auditToCarry(run).lines) <= mostCarriedChars;

const mostCarriedChars = 2 * sliceChars;
