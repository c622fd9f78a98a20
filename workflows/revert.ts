/** Back to 0 % when no rollout of the flag is open: a short run that begins with its rollback. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { searchAttributes } from '../src/core/names.js';
import { readRevert, type RevertInput } from '../src/core/revert.js';
import type { RolloutResult } from '../src/core/rollout-shapes.js';
import { closeRecords, seal } from './close.js';
import { registerQueries, registerRollback, registerUnknown } from './handlers.js';
import { askRollback, rollBack } from './rollback.js';
import { record } from './recording.js';
import { openRun, type Run } from './run.js';

export async function revert(input: RevertInput): Promise<RolloutResult> {
  const { workflowId } = workflowInfo();
  const read = readRevert(input, workflowId);
  if (read === null) {
    throw ApplicationFailure.nonRetryable(
      'A revert needs to know the flag: {"store": "id of a flag store", "key": "flag key"}. Nothing was written.',
      'MalformedInput',
    );
  }
  const { plan, by, reason } = read;
  // It claims nothing, but the flag is its own to take back from the first moment.
  const run: Run = { ...openRun({ plan, startedBy: by }), claim: 'held' };
  record(run, 'started', { rollout: workflowId, runId: run.runId, plan: plan.name, planDigest: plan.digest, by });
  // A signal that came with the start is delivered here: it says who and why better than the start.
  registerRollback(run, { by, reason });
  registerQueries(run);
  registerUnknown(run);
  makeFindable(run);
  askRollback(run, { by, reason, asked: 'person' });
  const result = seal(run, await rollBack(run));
  await closeRecords(run, result);
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  return result;
}

const flagKey = defineSearchAttributeKey(searchAttributes.flag, 'KEYWORD');
const environmentKey = defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD');

/** Whoever starts it from Temporal's own UI or command line sets no search attributes. */
function makeFindable({ plan: { flag } }: Run): void {
  const { typedSearchAttributes } = workflowInfo();
  if (typedSearchAttributes.get(flagKey) !== undefined) return;
  upsertSearchAttributes([
    { key: flagKey, value: flag.key },
    { key: environmentKey, value: flag.environment },
  ]);
}
