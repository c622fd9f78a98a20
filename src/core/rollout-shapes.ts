/** What a rollout is started with, answers and ends with: the shapes outsiders see. */
import type { Receipt } from './flag-record.js';
import type { Finding } from './finding.js';
import type { MoveKind } from './move.js';
import type { Plan } from './plan.js';
import type { SilentChannel } from './silent-channels.js';

export interface RolloutInput {
  readonly plan: Plan;
  readonly startedBy: string;
}

export type RolloutState =
  | 'waiting'
  | 'preflight'
  | 'holding'
  | 'asking'
  | 'paused'
  | 'rolling-back'
  | 'needs-a-human'
  | 'completed'
  | 'rolled-back'
  | 'refused'
  | 'superseded';

export type Outcome = 'completed' | 'rolled-back' | 'refused' | 'superseded';

const closedStates: Readonly<Record<Outcome, true>> = {
  completed: true,
  'rolled-back': true,
  refused: true,
  superseded: true,
};

/** A rollout whose state is an outcome does nothing any more. */
export const isClosedState = (state: RolloutState): state is Outcome => Object.hasOwn(closedStates, state);

/** The answer to a rollback: the proof of the write, or that there was nothing of ours to write. */
export type RollbackAnswer =
  ({ readonly written: true } & Receipt) | { readonly written: false; readonly by: string; readonly reason: string };

export interface RolloutResult {
  readonly outcome: Outcome;
  /** What the flag was last proven or known to be at. */
  readonly percent: number;
  readonly reason: string;
  readonly auditHead: string;
  readonly receipt: RollbackAnswer | Receipt | null;
}

export interface MessageAnswer {
  readonly accepted: boolean;
  readonly reason: string;
}

export interface DecideAnswer extends MessageAnswer {
  /** The gate as it stands after the message; null when none is open. */
  readonly gate: GateView | null;
}

export interface GateView {
  readonly stage: number;
  readonly roles: readonly { readonly role: string; readonly need: number; readonly have: number }[];
}

/** `holdpoint status --json` and the query `status`. Instants are ISO. */
export interface RolloutStatus {
  readonly rollout: string;
  readonly runId: string;
  readonly plan: string;
  readonly planDigest: string;
  readonly startedBy: string;
  readonly state: RolloutState;
  readonly stage: number;
  readonly stages: number;
  readonly percent: {
    readonly intended: number;
    readonly observed: number | null;
    readonly observedAt: string | null;
    /** Left out while looks can read the flag. */
    readonly unread?: { readonly since: string; readonly problem: string };
  };
  readonly since: string;
  readonly holdEndsAt: string | null;
  readonly next: { readonly move: MoveKind; readonly sentence: string; readonly at: string | null };
  readonly verdict: {
    readonly outcome: string;
    readonly headline: string;
    readonly evidenceDigest: string;
    readonly at: string;
    readonly findings: readonly Finding[];
  } | null;
  readonly asked: {
    readonly roles: readonly { readonly role: string; readonly need: number; readonly have: number }[];
    /** Missing items that people attest; `due` is an ISO instant or null. */
    readonly checklist: readonly {
      readonly id: string;
      readonly title: string;
      readonly role: string;
      readonly due: string | null;
    }[];
    /** Items that a probe answers, and has not answered with yes. */
    readonly probes: readonly {
      readonly id: string;
      readonly title: string;
      readonly probe: string;
      readonly detail: string;
    }[];
    readonly until: string | null;
    readonly decisions: readonly {
      readonly by: string;
      readonly role: string;
      readonly decision: 'go' | 'no-go';
      readonly at: string;
      readonly identity: string;
    }[];
  } | null;
  /** The last message of this stage that did not count, and why: the sender of a signal gets no other answer. */
  readonly refused: {
    readonly message: string;
    readonly by: string | null;
    readonly reason: string;
    readonly at: string;
  } | null;
  /** Channels that do not take what they are told. Left out by workers of old. */
  readonly silent?: readonly SilentChannel[];
  readonly fence: number;
  readonly owner: string | null;
  readonly receipt: RollbackAnswer | null;
}

export type BlockerKind =
  'hold' | 'check' | 'decision' | 'checklist' | 'pause' | 'drift' | 'smoke' | 'start' | 'rollback';

/** Everything that stands between now and the next percent, not only the first. */
export interface Blocker {
  readonly kind: BlockerKind;
  readonly sentence: string;
  readonly until: string | null;
  readonly who: readonly string[];
}

export interface WhyAnswer {
  readonly blockers: readonly Blocker[];
}
