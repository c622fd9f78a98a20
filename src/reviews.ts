/** Reviews of break-glasses: opened once each, and listed without asking a worker. */
import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { searchAttributes } from './core/names.js';
import { reviewItem, reviewMemo, reviewWorkflowId, type ReviewInput, type ReviewMemo } from './core/review.js';
import { RolloutError } from './rollout-error.js';
import { withAttributes } from './start-rollout.js';
import { grpcCode, grpcCodeOf, type TemporalReach } from './temporal-reach.js';

export interface ReviewSummary {
  readonly kind: 'review';
  /** Workflow id: what an attestation is sent to. */
  readonly review: string;
  readonly flag: string;
  readonly environment: string;
  readonly brokenBy: string;
  readonly reason: string;
  readonly brokenAt: string;
  /** `needs-a-human`: nobody answered in time. */
  readonly state: string;
}

const reviewType = 'review';
const listMs = 5_000;

const keys = {
  flag: defineSearchAttributeKey(searchAttributes.flag, 'KEYWORD'),
  environment: defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD'),
  state: defineSearchAttributeKey(searchAttributes.state, 'KEYWORD'),
};

/** False when there is one already: who opens it first does not matter. */
export async function openReview(reach: TemporalReach, input: ReviewInput): Promise<boolean> {
  const { key, breakGlass } = input;
  const workflowId = reviewWorkflowId(input);
  try {
    await withAttributes(reach, `Opening ${workflowId}`, () =>
      reach.client.workflow.start(reviewType, {
        workflowId,
        taskQueue: reach.taskQueue,
        args: [input],
        // Also after one was terminated: that is no review.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
        typedSearchAttributes: [
          { key: keys.flag, value: key },
          { key: keys.environment, value: breakGlass.environment },
          { key: keys.state, value: 'asking' },
        ],
        memo: { ...reviewMemo(breakGlass) },
        staticSummary: `Review of the break-glass of ${key} in ${breakGlass.environment} by ${breakGlass.by}`,
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof RolloutError && error.cause instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return false;
  }
}

/** Oldest first. @param flag - flag key or `<environment>/<flag key>`; null: of every flag. */
export async function listReviews(reach: TemporalReach, flag: string | null): Promise<ReviewSummary[]> {
  const all = await reach.ask({
    what: 'The list of reviews',
    limitMs: listMs,
    run: async (client) => {
      const found: ReviewSummary[] = [];
      try {
        const query = `WorkflowType = '${reviewType}' AND ExecutionStatus = 'Running'`;
        for await (const info of client.workflow.list({ query })) {
          const { by = 'somebody', reason = '', at } = (info.memo ?? {}) as Partial<ReviewMemo>;
          found.push({
            kind: 'review',
            review: info.workflowId,
            flag: info.typedSearchAttributes.get(keys.flag) ?? '',
            environment: info.typedSearchAttributes.get(keys.environment) ?? '',
            brokenBy: by,
            reason,
            brokenAt: at ?? info.startTime.toISOString(),
            state: info.typedSearchAttributes.get(keys.state) ?? 'asking',
          });
        }
      } catch (error) {
        if (grpcCodeOf(error) !== grpcCode.invalidArgument) throw error;
      }
      return found;
    },
  });
  return all
    .filter((one) => flag === null || flag === one.flag || flag === `${one.environment}/${one.flag}`)
    .toSorted((a, b) => a.brokenAt.localeCompare(b.brokenAt));
}

/** The one that an attestation without a workflow id means. */
export async function findReview(reach: TemporalReach, flag: string | null): Promise<ReviewSummary> {
  const open = await listReviews(reach, flag);
  const [first] = open;
  const whose = flag === null ? '' : ` of ${flag}`;
  if (first === undefined)
    throw new RolloutError('not-found', `No review${whose} is open. See what there is: holdpoint list`);
  const flags = new Set(open.map((one) => `${one.environment}/${one.flag}`));
  if (flags.size === 1) return first;
  throw new RolloutError(
    'ambiguous',
    `Several reviews${whose} are open: ${[...flags].join(', ')}. Say which one: holdpoint attest ${reviewItem} <environment>/<flag key>`,
  );
}
