/** All that was recorded of one rollout: what the invariants are read from. Plain data, so that a test can forge it. */
import type { temporal } from '@temporalio/proto';
import type { AuditEntry } from '../../../src/core/audit.js';
import type { Plan } from '../../../src/core/plan.js';
import type { RolloutResult } from '../../../src/core/rollout-shapes.js';

/** One line of the store's write log. */
export interface RecordedWrite {
  readonly action: string;
  readonly by: string;
  /** The percent that was there. */
  readonly before: number | null;
  readonly percent: number | null;
  readonly fence: number;
  readonly owner: string | null;
}

/** What a witness saw: the document itself, or the client that follows it. */
export type Sighting =
  | { readonly kind: 'document'; readonly percent: number | null }
  | { readonly kind: 'torn'; readonly text: string }
  | { readonly kind: 'client'; readonly percent: number };

export interface Story {
  readonly plan: Plan;
  readonly startedBy: string;
  /** `<workflowId>@<firstExecutionRunId>` */
  readonly owner: string;
  /** Null while it runs. */
  readonly result: RolloutResult | null;
  readonly audit: readonly AuditEntry[];
  /** Of this flag, by whomever, oldest first. */
  readonly writes: readonly RecordedWrite[];
  readonly events: readonly temporal.api.history.v1.IHistoryEvent[];
  /** Oldest first; empty when nobody watched. */
  readonly sightings: readonly Sighting[];
  /** A writer was killed between its rename and its line in the log, or the log took no line. */
  readonly logMayMiss?: boolean;
  /** The test itself broke the document by hand. */
  readonly brokenByHand?: boolean;
  /** In a store without a fence a rollback is written again when a flip lands after it; its last receipt is recorded. */
  readonly withoutFence?: boolean;
}

/** Nothing is wrong when it is empty; otherwise each sentence says what is. */
export type Invariant = (story: Story) => readonly string[];

/** This rollout's own; a flip in its name by somebody else is that person's. */
export const ownWrites = ({ writes, owner }: Story): readonly RecordedWrite[] =>
  writes.filter((write) => write.owner === owner && (write.action !== 'flip' || write.by === owner));
