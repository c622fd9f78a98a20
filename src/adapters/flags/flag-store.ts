/**
 * The port to whatever holds flags. Every method is one locked step in the store.
 *
 * Throws only `AdapterError` (`src/adapters/adapter-error.ts`): being unable to look or to write. A refusal by
 * policy is data.
 */
import type { BreakGlass, FlagRecord, Receipt, SafeState, StoreRefusal } from '../../core/flag-record.js';

export interface ClaimRequest {
  readonly key: string;
  readonly owner: string;
  /** The owner the caller saw and knows to be closed; null: nobody owned it. Any other stored owner refuses. */
  readonly replaces: string | null;
  readonly safeState: SafeState;
  readonly by: string;
  readonly reason: string;
}

export interface FlipRequest {
  readonly key: string;
  readonly percent: number;
  /** Who owns the flag after the flip; null: nobody, for a person sets it. */
  readonly owner: string | null;
  /** The owner the caller saw and knows to be closed, or null: nobody. With it the flag is taken over: the fence grows. */
  readonly replaces?: string | null;
  /** The fence the run was given, or that was seen when the flag is taken over; must equal the stored one. */
  readonly fence: number;
  readonly expectedRevision: string;
  readonly by: string;
  readonly reason: string;
}

export interface SafeStateRequest {
  readonly key: string;
  /** Who owns the flag after the write. */
  readonly owner: string;
  /** Null: as the flag's record says, or percent 0 alone; then a flag that is not there is not made. */
  readonly safeState: SafeState | null;
  /** The last fence this owner saw. A stored safe state of this owner at a higher fence is this very write, repeated. */
  readonly fence: number;
  /** `person`: never refused where there is a flag. `automatic`: only while `owner` owns the flag. */
  readonly asked: 'person' | 'automatic';
  /** Noted in the flag's record. */
  readonly breakGlass?: BreakGlass;
  readonly by: string;
  readonly reason: string;
}

export type WriteOutcome =
  | {
      readonly kind: 'written';
      readonly receipt: Receipt;
      readonly record: FlagRecord;
      /** An earlier attempt of this very request did it; nothing was written now. */
      readonly repeated?: true;
    }
  | StoreRefusal;

export interface FlagStoreCapabilities {
  /** An edit made between reading and writing is never overwritten unseen. */
  readonly compareAndSet: boolean;
  /** No flip can land after a rollback. */
  readonly fence: boolean;
  readonly readBack: boolean;
  /** Keeps owner, safe state and break-glass with the flag. */
  readonly owner: boolean;
  /** The smallest part of a percent that it tells apart. */
  readonly percentStep: number;
}

/** What a store can do that lacks nothing. */
export const fullCapabilities: FlagStoreCapabilities = {
  compareAndSet: true,
  fence: true,
  readBack: true,
  owner: true,
  percentStep: 0.001,
};

export interface FlagStore {
  readonly capabilities: FlagStoreCapabilities;
  read(key: string): Promise<FlagRecord>;
  /** Every flag the store holds, also those that nobody claimed. */
  list(): Promise<readonly FlagRecord[]>;
  /** Percent stays 0; raises the fence; writes owner and safe state. Repeated by the same owner: the same answer, no write. */
  claim(request: ClaimRequest): Promise<WriteOutcome>;
  /** Repeated after a lost answer: recognised by percent, fence and owner, no second write. */
  flip(request: FlipRequest): Promise<WriteOutcome>;
  /** fence = stored fence + 1, safe state, whatever is stored. */
  writeSafeState(request: SafeStateRequest): Promise<WriteOutcome>;
}
