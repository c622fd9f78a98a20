/** What a flag store holds about one flag, and what it answers to a write. */
import type { FlagValues } from './plan.js';

/** Percent 0 plus the plan's `flag.rollback.set`. */
export interface SafeState {
  readonly percent: 0;
  readonly set: FlagValues;
}

/** Who took a flag back without Temporal, and why. */
export interface BreakGlass {
  readonly id: string;
  /** As far as it could be told: names the review. */
  readonly environment: string;
  readonly by: string;
  readonly reason: string;
  /** ISO instant. */
  readonly at: string;
}

export const breakGlassOwner = ({ id }: Pick<BreakGlass, 'id'>): string => `break-glass:${id}`;

export const isBreakGlass = (owner: string | null): boolean => owner?.startsWith('break-glass:') === true;

export interface FlagRecord {
  readonly key: string;
  /** False: the store has no such flag; everybody gets the application's default. */
  readonly exists: boolean;
  /** 0–100, up to three decimals; null when the stored rule is not one of ours and its percent cannot be told. */
  readonly percent: number | null;
  /** Only grows. 0 before the first claim. */
  readonly fence: number;
  /** Opaque; changes with every write to this flag, whoever made it. */
  readonly revision: string;
  /** `<workflowId>@<firstExecutionRunId>`, `break-glass:<id>`, or null: nobody. */
  readonly owner: string | null;
  /** Recorded by the claim, so that a later rollback needs only store and key. */
  readonly safeState: SafeState | null;
  /** True when the flags named in `safeState.set` have those values (or there are none). */
  readonly safeValuesHeld: boolean;
  /** The last one. Stays when others write the flag later, so that its review is never lost. */
  readonly breakGlass: BreakGlass | null;
}

/** The proof of a flag write. */
export interface Receipt {
  /** `written`: the store took it. `proven`: a later read-back at our fence showed it. */
  readonly state: 'written' | 'proven';
  readonly percent: number;
  readonly fence: number;
  readonly revision: string;
  /** ISO instant the write was durable. */
  readonly writtenAt: string;
  /** ISO instant of the read-back. */
  readonly provenAt?: string;
  readonly by: string;
  readonly reason: string;
  /** What the store's own log calls it, where it has one. */
  readonly evidence?: string;
}

/** Why a store would not write. The record is what it holds instead. */
export interface StoreRefusal {
  readonly kind: 'refused';
  readonly why:
    | 'owned-by-another' // somebody else may move the flag
    | 'not-at-zero' // a claim found users in the flag
    | 'fence-lost' // somebody raised the fence since
    | 'changed-since' // the expected revision is gone
    | 'no-such-flag' // a rollback by store and key alone found nothing to take back
    | 'unreadable-rule'; // the stored rule is not ours; only a safe-state write may replace it
  readonly record: FlagRecord;
}
