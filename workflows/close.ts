/** Writing the records: at each stage's end, and whole at the close. */
import { CancellationScope, condition } from '@temporalio/workflow';
import { charsIn, entriesIn, linesAfter, sliceChars, sliceLines } from '../src/core/audit-lines.js';
import { isRevert } from '../src/core/revert.js';
import type { Outcome, RolloutResult } from '../src/core/rollout-shapes.js';
import { records } from './activity-proxies.js';
import type { ClosingEnding } from './ending.js';
import { rootMessage } from './root-message.js';
import { enterState } from './present.js';
import { owesRollback } from './rollback.js';
import { record, type Run } from './run.js';
import { tell } from './tell.js';

const outcomes: Readonly<Record<ClosingEnding['kind'], Outcome>> = {
  completed: 'completed',
  refused: 'refused',
  superseded: 'superseded',
  'roll-back': 'rolled-back',
};

/** Beside the story: a slow archive holds up nothing. */
export function exportStage(run: Run): void {
  run.telling += 1;
  void CancellationScope.nonCancellable(() => exportEntries(run, null))
    .catch((error: unknown) => record(run, 'trouble', { what: 'records not exported', detail: rootMessage(error) }))
    .finally(() => {
      run.telling -= 1;
    });
}

/** Within a long stage: what waits must stay small enough to be handed over. An archive that is down is not asked each time. */
export function exportLongAudit(run: Run): void {
  const from = Math.max(run.exported, run.exportTried);
  if (charsIn(linesAfter(run.audit, from)) > sliceChars) exportStage(run);
}

async function exportEntries(run: Run, result: RolloutResult | null): Promise<void> {
  const { pack, plan, workflowId: rollout, runId } = run;
  const slices = sliceLines(linesAfter(run.audit, run.exported));
  run.exportTried = run.audit.seq;
  for (const [index, lines] of slices.entries()) {
    const entries = entriesIn(lines);
    const whole = index === slices.length - 1 ? result : null;
    await records(whole === null ? `up to stage ${run.stage}` : `the whole pack: ${whole.outcome}`).exportRecords({
      pack,
      plan,
      entries,
      result: whole,
      rollout,
      runId,
    });
    run.exported = Math.max(run.exported, entries.at(-1)?.seq ?? 0);
  }
}

/** Seals the audit and answers with the result. A rollback that arrives meanwhile is the caller's to see. */
export function seal(run: Run, ending: ClosingEnding): RolloutResult {
  const outcome = outcomes[ending.kind];
  run.outcome = outcome;
  run.move = { kind: ending.kind === 'completed' ? 'complete' : 'halt', row: 'clear', sentence: ending.reason };
  record(run, 'closed', { outcome, percent: run.observed?.percent ?? 0, reason: ending.reason });
  return {
    outcome,
    percent: run.observed?.percent ?? 0,
    reason: ending.reason,
    auditHead: run.audit.head,
    receipt: run.answer,
  };
}

/** How long the close waits for archive and announcements before it ends without them. */
const patienceMs = 60_000;

/** Archives the pack and lets announcements leave. Interrupted by a rollback. */
export async function closeRecords(run: Run, result: RolloutResult): Promise<void> {
  enterState(run, result.outcome);
  if (result.outcome === 'completed') {
    tell(run, 'completed', { what: `${run.plan.flag.key} stays at ${result.percent} %.`, why: result.reason });
  }
  if (result.outcome === 'refused')
    tell(run, 'refused', {
      what: isRevert(run.plan) ? 'Nothing was taken back.' : 'The rollout did not begin.',
      why: result.reason,
    });
  run.telling += 1;
  void CancellationScope.nonCancellable(() => exportEntries(run, result))
    .catch((error: unknown) => record(run, 'trouble', { what: 'the pack was not written', detail: rootMessage(error) }))
    .finally(() => {
      run.telling -= 1;
    });
  await CancellationScope.nonCancellable(() =>
    condition(() => run.telling === 0 || owesRollback(run), patienceMs, { summary: 'writing the records' }),
  );
}
