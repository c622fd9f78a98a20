/** What the activities need from the world, handed in by the composition root. */
import type { Adapters } from '../src/adapters/open.js';

export interface ActivityDeps extends Adapters {
  /** Whether the rollout that owns a flag (`<workflowId>@<firstExecutionRunId>`) is still open. */
  readonly isOwnerOpen: (owner: string) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
