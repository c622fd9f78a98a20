/** Writing the records: at each stage's end, and whole at the close. */
import { CancellationScope, condition } from '@temporalio/workflow';
import { isRevert } from '../src/core/revert.js';
import type { Outcome, RolloutResult } from '../src/core/rollout-shapes.js';
import { archive, muchToArchive } from './archiving.js';
import type { ClosingEnding } from './ending.js';
import { enterState } from './present.js';
import { owesRollback } from './rollback.js';
import { record } from './recording.js';
import type { Run } from './run.js';
import { tell } from './tell.js';

const outcomes: Readonly<Record<ClosingEnding['kind'], Outcome>> = {
  completed: 'completed',
  refused: 'refused',
  superseded: 'superseded',
  'roll-back': 'rolled-back',
};

export function exportStage(run: Run): void {
  void archive(run, { summary: `up to stage ${run.stage}`, result: null });
}

/** Within a long stage: what waits must stay small enough to be handed over. */
export function exportLongAudit(run: Run): void {
  if (muchToArchive(run)) exportStage(run);
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
  void archive(run, { summary: `the whole pack: ${result.outcome}`, result });
  await CancellationScope.nonCancellable(() =>
    condition(() => run.telling === 0 || owesRollback(run), patienceMs, { summary: 'writing the records' }),
  );
}
