/** What the activities need from the world, handed in by the composition root. */
import type { ReviewTerms } from '../src/core/review.js';
import type { Adapters } from '../src/adapters/open.js';

export interface ActivityDeps extends Adapters {
  /** Whether the rollout that owns a flag (`<workflowId>@<firstExecutionRunId>`) is still open. */
  readonly isOwnerOpen: (owner: string) => Promise<boolean>;
  /** How long people have to review a break-glass. */
  readonly review: ReviewTerms;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
