/** Opening the review of a break-glass: beside the way back, and never in its way. */
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BreakGlass } from '../src/core/flag-record.js';
import { searchAttributes } from '../src/core/names.js';
import { isRevert } from '../src/core/revert.js';
import { reviewMemo, reviewWorkflowId, type ReviewInput } from '../src/core/review.js';
import { rootMessage } from './root-message.js';
import { record } from './recording.js';
import type { Run } from './run.js';

/** One review for each break-glass, whoever opens it first. */
export function openReview(run: Run, breakGlass: BreakGlass): void {
  const { store, key } = run.plan.flag;
  const { channels } = run.plan;
  // A rollout without channels tells nobody anything; a break-glass is told all the same.
  const input: ReviewInput = {
    store,
    key,
    breakGlass,
    ...(isRevert(run.plan) || channels.length === 0 ? {} : { channels }),
  };
  run.telling += 1;
  void CancellationScope.nonCancellable(() => start(input))
    .catch((error: unknown) => {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      record(run, 'trouble', { what: 'the review of the break-glass was not opened', detail: rootMessage(error) });
    })
    .finally(() => {
      run.telling -= 1;
    });
}

async function start(input: ReviewInput): Promise<void> {
  const { breakGlass, key } = input;
  await startChild('review', {
    workflowId: reviewWorkflowId(input),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    // Also after one was terminated: that is no review.
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    typedSearchAttributes: [
      { key: defineSearchAttributeKey(searchAttributes.flag, 'KEYWORD'), value: key },
      { key: defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD'), value: breakGlass.environment },
      { key: defineSearchAttributeKey(searchAttributes.state, 'KEYWORD'), value: 'asking' },
    ],
    memo: { ...reviewMemo(breakGlass) },
    staticSummary: `Review of the break-glass of ${key} in ${breakGlass.environment} by ${breakGlass.by}`,
  });
}
