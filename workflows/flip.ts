/** Moving the flag up to a stage's percent, proven by reading it back. */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { staleEvidence } from '../src/core/names.js';
import { flagWrites } from './activity-proxies.js';
import { rethrowCancellation } from './cancellation.js';
import { noteFlagRecord } from './look.js';
import { rootMessage } from './root-message.js';
import { formatPercent } from '../src/core/number-text.js';
import { record } from './recording.js';
import type { Run } from './run.js';

/** True when the flag is proven at `percent`. Otherwise the run says why: a drift, a lost fence, or a pause. */
export async function flip(
  run: Run,
  {
    stage,
    percent,
    freshUntil,
  }: { readonly stage: number; readonly percent: number; readonly freshUntil: string | null },
): Promise<boolean> {
  const { store, key } = run.plan.flag;
  try {
    const outcome = await flagWrites(`stage ${stage}: to ${formatPercent(percent)}, and read back`).flipFlag({
      store,
      key,
      percent,
      freshUntil,
      owner: run.owner,
      fence: run.fence,
      expectedRevision: run.revision,
      by: run.owner,
      reason: `stage ${stage} of ${run.plan.name}`,
    });
    if (outcome.kind === 'refused') {
      record(run, 'flip', { stage, percent, refused: outcome.why, found: outcome.record });
      noteFlagRecord(run, outcome.record, new Date(Date.now()).toISOString());
      return false;
    }
    const { receipt } = outcome;
    run.intended = percent;
    run.revision = receipt.revision;
    run.observed = { percent: receipt.percent, at: receipt.provenAt ?? receipt.writtenAt };
    run.drift = null;
    record(run, 'flip', { stage, receipt });
    return true;
  } catch (error) {
    rethrowCancellation(error);
    if (isStale(error)) {
      record(run, 'trouble', {
        what: 'the evidence was too old to move on; looking again',
        detail: rootMessage(error),
      });
      run.lookAsked = true;
      return false;
    }
    const reason = `the flag could not be moved to ${percent} %: ${rootMessage(error)}`;
    record(run, 'trouble', { what: reason });
    run.pause = { by: 'holdpoint', reason, atMs: Date.now() };
    return false;
  }
}

const isStale = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === staleEvidence;
