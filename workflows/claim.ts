/** Taking the flag: from here rollback is armed. */
import { isCancellation } from '@temporalio/workflow';
import type { WriteOutcome } from '../src/adapters/flags/flag-store.js';
import type { SafeState } from '../src/core/flag-record.js';
import { iso } from '../src/core/instant.js';
import { formatPercent } from '../src/core/number-text.js';
import { claims } from './activity-proxies.js';
import { rootMessage } from './root-message.js';
import { record } from './recording.js';
import type { Run } from './run.js';

export const safeStateOf = (run: Run): SafeState => ({ percent: 0, set: run.plan.flag.rollbackSet });

/** Null when the flag is ours; otherwise why not, in a sentence. */
export async function claimFlag(run: Run): Promise<string | null> {
  run.claim = 'trying';
  const { store, key } = run.plan.flag;
  try {
    const outcome = await claims.claimFlag({
      store,
      key,
      owner: run.owner,
      workflowId: run.workflowId,
      safeState: safeStateOf(run),
      by: run.startedBy,
      reason: `claimed for ${run.plan.name}`,
    });
    return noteClaim(run, outcome);
  } catch (error) {
    // Cancelled: whether the claim landed is unknown. `claim` stays `trying`, and the rollback looks.
    if (isCancellation(error)) throw error;
    run.claim = 'none';
    return `The flag store ${store} could not be reached: ${rootMessage(error)}`;
  }
}

function noteClaim(run: Run, outcome: WriteOutcome): string | null {
  if (outcome.kind === 'written') {
    const { receipt } = outcome;
    run.claim = 'held';
    run.fence = receipt.fence;
    run.revision = receipt.revision;
    run.observed = { percent: receipt.percent, at: receipt.provenAt ?? receipt.writtenAt };
    record(run, 'claim', { receipt });
    return null;
  }
  run.claim = 'none';
  record(run, 'claim', { refused: outcome.why, found: outcome.record });
  const { percent, owner } = outcome.record;
  run.observed = { percent, at: iso(Date.now()) };
  if (outcome.why === 'owned-by-another') return `The flag belongs to ${owner ?? 'nobody'}, which is still running.`;
  return percent === null
    ? 'The flag has a rule that is not ours, so its percent cannot be told: take it back to 0 first.'
    : `The flag is at ${formatPercent(percent)}, not at 0 %: take it back to 0 first.`;
}
