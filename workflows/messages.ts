/** Names and shapes of all that can be sent to a rollout. Each takes exactly one JSON object. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AuditEntry } from '../src/core/audit.js';
import type {
  DecideAnswer,
  MessageAnswer,
  RollbackAnswer,
  RolloutStatus,
  WhyAnswer,
} from '../src/core/rollout-shapes.js';
import type { Sample } from '../src/core/sample.js';

export interface DecideMessage {
  readonly decision: 'go' | 'no-go';
  readonly by: string;
  readonly role?: string;
  readonly stage?: number;
  readonly reason?: string;
  readonly planDigest?: string;
  readonly evidenceDigest?: string;
}

export type GoMessage = Omit<DecideMessage, 'decision'>;

export interface RollbackMessage {
  readonly by?: string;
  readonly reason?: string;
}

export interface AttestMessage {
  readonly item: string;
  readonly by: string;
  readonly role?: string;
  readonly note?: string;
}

export interface PauseMessage {
  readonly by: string;
  readonly reason: string;
}

export interface ExtendMessage extends PauseMessage {
  /** A duration, such as `2h`. */
  readonly for: string;
  /** What becomes longer. Left out: what the rollout waits for now. */
  readonly of?: 'hold' | 'decision' | 'plan';
}

/** Takes back one's own decision at this gate or, with `item`, one's own attestation. */
export interface WithdrawMessage {
  readonly by: string;
  readonly item?: string;
  readonly reason?: string;
}

/** Samples pushed from outside; judged like the guard's. */
export interface BreachMessage {
  readonly samples: readonly Sample[];
}

export const decideUpdate = defineUpdate<DecideAnswer, [DecideMessage]>('decide');
export const attestUpdate = defineUpdate<MessageAnswer, [AttestMessage]>('attest');
export const pauseUpdate = defineUpdate<MessageAnswer, [PauseMessage]>('pause');
export const resumeUpdate = defineUpdate<MessageAnswer, [PauseMessage]>('resume');
export const extendUpdate = defineUpdate<MessageAnswer, [ExtendMessage]>('extend');
export const skipHoldUpdate = defineUpdate<MessageAnswer, [PauseMessage]>('skipHold');
export const retryGateUpdate = defineUpdate<MessageAnswer, [PauseMessage]>('retryGate');
export const withdrawUpdate = defineUpdate<MessageAnswer, [WithdrawMessage]>('withdraw');
export const requestRollbackUpdate = defineUpdate<RollbackAnswer, [RollbackMessage]>('requestRollback');

export const goSignal = defineSignal<[GoMessage]>('go');
export const noGoSignal = defineSignal<[GoMessage]>('noGo');
export const rollbackSignal = defineSignal<[RollbackMessage]>('rollback');
export const breachSignal = defineSignal<[BreachMessage]>('breach');

export const statusQuery = defineQuery<RolloutStatus>('status');
export const whyQuery = defineQuery<WhyAnswer>('why');
export const auditQuery = defineQuery<readonly AuditEntry[]>('audit');
