/** What goes into and comes out of the activities: one JSON object each way. */
import type { WriteOutcome } from '../src/adapters/flags/flag-store.js';
import type { AskedCheck } from '../src/core/ask-checks.js';
import type { Announcement } from '../src/core/announcement.js';
import type { AuditEntry } from '../src/core/audit.js';
import type { FlagRecord, SafeState } from '../src/core/flag-record.js';
import type { Notice } from '../src/core/notice.js';
import type { Plan } from '../src/core/plan.js';
import type { RolloutResult } from '../src/core/rollout-shapes.js';
import type { Sample } from '../src/core/sample.js';
import type { Streaks } from '../src/core/streak.js';

export interface FlagAddress {
  /** Id of a flag store in the worker's configuration. */
  readonly store: string;
  readonly key: string;
}

export interface ClaimInput extends FlagAddress {
  readonly owner: string;
  readonly workflowId: string;
  readonly safeState: SafeState;
  readonly by: string;
  readonly reason: string;
}

export interface FlipInput extends FlagAddress {
  readonly percent: number;
  /** ISO instant after which the evidence for this flip is too old; null: it rests on none. */
  readonly freshUntil: string | null;
  readonly owner: string;
  readonly fence: number;
  readonly expectedRevision: string;
  readonly by: string;
  readonly reason: string;
}

export interface SafeStateInput extends FlagAddress {
  readonly owner: string;
  /** Null: as the flag's record says. */
  readonly safeState: SafeState | null;
  readonly fence: number;
  readonly asked: 'person' | 'automatic';
  readonly by: string;
  readonly reason: string;
}

export type SafeStateAnswer = WriteOutcome & {
  /** Of a store without a fence: how long a flip that was under way may still land. Read back, and written again, until then. */
  readonly settleMs?: number;
};

export interface LookInput {
  readonly flag: FlagAddress;
  readonly asked: readonly AskedCheck[];
  /** Folder of the pack; the raw samples go to `<pack>/samples/`. */
  readonly pack: string;
  readonly stage: number;
}

export interface LookFacts {
  /** ISO instant every query was evaluated at. */
  readonly at: string;
  readonly samples: readonly Sample[];
  /** Null when the store could not be read; `flagProblem` says why. */
  readonly flag: FlagRecord | null;
  readonly flagProblem?: string;
  /** Where in the pack the raw samples are, with their queries, and the digest of that file; null when there is none. */
  readonly archived: { readonly file: string; readonly digest: string } | null;
  /** Why the archive would not take them. */
  readonly archiveProblem?: string;
}

export interface GuardInput {
  readonly flag: FlagAddress;
  readonly plan: Plan;
  readonly fence: number;
  /** The last revision the workflow knows: anything else is news. */
  readonly revision: string;
  readonly percent: number;
  /** ISO instant of the stage's proven flip. */
  readonly flippedAt: string;
  readonly windowMs: number;
  /** Where the guard before it stopped counting. */
  readonly memory: GuardMemory | null;
}

/** What a guard has counted so far: kept in heartbeats, and handed on from guard to guard of one stage. */
export interface GuardMemory {
  readonly streaks: Streaks;
  /** The failing samples that made each streak, by check. */
  readonly failing: Readonly<Record<string, readonly Sample[]>>;
}

export type GuardResult =
  /** The watch samples that counted, in order: judged again by the workflow before it moves. */
  | { readonly kind: 'breach'; readonly at: string; readonly samples: readonly Sample[] }
  | {
      readonly kind: 'drift' | 'fence-lost';
      readonly at: string;
      readonly flag: FlagRecord;
      readonly memory: GuardMemory;
    }
  /** Also when it was told to stop. */
  | { readonly kind: 'window-ended'; readonly memory: GuardMemory | null };

export interface AnnounceInput {
  readonly channel: string;
  readonly announcement: Announcement;
}

/** A text from a person, to one channel. */
export interface PostInput {
  readonly channel: string;
  readonly notice: Notice;
}

export interface ExportInput {
  readonly pack: string;
  readonly plan: Plan;
  /** Everything since the last export, or more: what the file has already must be the same. */
  readonly entries: readonly AuditEntry[];
  /** Set at the close: the report is written too. */
  readonly result: RolloutResult | null;
  readonly rollout: string;
  readonly runId: string;
}
