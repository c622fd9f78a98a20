/** Starting, watching, deciding and rolling back: what command line, API and demo use instead of the Temporal client. */
import { randomUUID } from 'node:crypto';
import type { QueryDefinition, UpdateDefinition } from '@temporalio/common';
import type { AuditEntry } from './core/audit.js';
import type { Plan } from './core/plan.js';
import type { DecideAnswer, MessageAnswer, RolloutResult, RolloutStatus, WhyAnswer } from './core/rollout-shapes.js';
import {
  attestUpdate,
  auditQuery,
  decideUpdate,
  extendUpdate,
  pauseUpdate,
  resumeUpdate,
  retryGateUpdate,
  skipHoldUpdate,
  statusQuery,
  whyQuery,
  withdrawUpdate,
  type AttestMessage,
  type DecideMessage,
  type ExtendMessage,
  type PauseMessage,
  type WithdrawMessage,
} from '../workflows/messages.js';
import type { TemporalConfig } from './config.js';
import { describeRollout, findRollout, listRollouts, type RolloutRef, type RolloutSummary } from './find-rollout.js';
import { requestRollback, type RollbackReply } from './request-rollback.js';
import { awaitResult, type WaitOptions } from './await-result.js';
import type { CloseMessage, CommsInput, SendAnswer, SendMessage } from './core/comms.js';
import type { ReviewInput } from './core/review.js';
import { listPromises, type PromiseSummary } from './promised-updates.js';
import { closeMessages, sendMessage } from './send-message.js';
import { findReview, listReviews, openReview, type ReviewSummary } from './reviews.js';
import type { FlagPlace } from './start-revert.js';
import { readPlan, startRollout } from './start-rollout.js';
import { openReach, type TemporalReach } from './temporal-reach.js';

/** Every method throws only `RolloutError`. What policy refuses is no error: it is answered `accepted: false`. */
export interface RolloutClient {
  readonly address: string;
  readonly namespace: string;
  /** Throws `already-open` when the flag has an open rollout. */
  start(plan: Plan, who: { readonly by: string }): Promise<RolloutSummary>;
  /** Open ones first; then the newest closed ones. */
  list(limit: { readonly closed: number }): Promise<RolloutSummary[]>;
  /** Flag key, `<environment>/<flag key>`, workflow id; null: the only open one. Throws `not-found` or `ambiguous`. */
  find(name: string | null): Promise<RolloutSummary>;
  /** That very run; null when there is none. */
  describe(rollout: RolloutRef): Promise<RolloutSummary | null>;
  /** The same, for who takes a flag back: closed rollouts of several environments are `ambiguous`, too. */
  findToTakeBack(name: string | null): Promise<RolloutSummary>;
  status(rollout: RolloutRef): Promise<RolloutStatus>;
  why(rollout: RolloutRef): Promise<WhyAnswer>;
  audit(rollout: RolloutRef): Promise<readonly AuditEntry[]>;
  /** What it was started with: needs no worker. */
  plan(rollout: RolloutRef): Promise<Plan>;
  /** `key`: the same for every repetition of the same message, across processes; it then counts once. */
  decide(rollout: RolloutRef, message: DecideMessage, key?: string): Promise<DecideAnswer>;
  attest(rollout: RolloutRef, message: AttestMessage, key?: string): Promise<MessageAnswer>;
  pause(rollout: RolloutRef, message: PauseMessage, key?: string): Promise<MessageAnswer>;
  resume(rollout: RolloutRef, message: PauseMessage, key?: string): Promise<MessageAnswer>;
  extend(rollout: RolloutRef, message: ExtendMessage, key?: string): Promise<MessageAnswer>;
  skipHold(rollout: RolloutRef, message: PauseMessage, key?: string): Promise<MessageAnswer>;
  retryGate(rollout: RolloutRef, message: PauseMessage, key?: string): Promise<MessageAnswer>;
  withdraw(rollout: RolloutRef, message: WithdrawMessage, key?: string): Promise<MessageAnswer>;
  /** Noted by the server at once; the answer is the receipt. Throws `unproven` or `no-worker` when that takes longer than `waitMs`. */
  rollback(rollout: RolloutRef, request: RollbackCall): Promise<RollbackReply>;
  /** Open reviews of break-glasses; of one flag, or all. Needs no worker. */
  reviews(flag: string | null): Promise<ReviewSummary[]>;
  /** Updates that readers were promised; of one flag (`<environment>/<flag key>`), or all. Needs no worker. */
  promises(flag: string | null): Promise<PromiseSummary[]>;
  /** The oldest open one of a flag; null: of the only flag that has one. Throws `not-found` or `ambiguous`. */
  findReview(flag: string | null): Promise<ReviewSummary>;
  /** Opens the review of a break-glass. False: there is one already. */
  openReview(input: ReviewInput): Promise<boolean>;
  /** A text of a person, to one channel. Not being taken yet is no error: `delivered` says so. */
  sendMessage(input: CommsInput, message: SendMessage): Promise<SendAnswer>;
  /** No update is owed any more. Throws `not-found` when none was. */
  closeMessages(input: CommsInput, message: CloseMessage): Promise<MessageAnswer>;
  /** Waits for the end, over lost connections and restarted servers. */
  result(rollout: RolloutRef, options?: WaitOptions): Promise<RolloutResult>;
  close(): Promise<void>;
}

export interface RollbackCall {
  readonly by: string;
  readonly reason: string;
  /** Where the flag is: needed when Temporal knows no rollout of it. */
  readonly flag?: FlagPlace;
  /** Half a minute when left out. */
  readonly waitMs?: number;
}

const queryMs = 5_000;
const updateMs = 10_000;
const receiptMs = 30_000;

export async function openRolloutClient(temporal: TemporalConfig): Promise<RolloutClient> {
  const reach = await openReach(temporal);
  const query = queriesOf(reach);
  const update = updatesOf(reach);
  return {
    address: reach.address,
    namespace: reach.namespace,
    start: (plan, { by }) => startRollout(reach, plan, by),
    list: ({ closed }) => listRollouts(reach, closed),
    find: (name) => findRollout(reach, name),
    describe: (rollout) => describeRollout(reach, rollout),
    findToTakeBack: (name) => findRollout(reach, name, { oneEnvironment: true }),
    status: (rollout) => query(rollout, 'status', statusQuery),
    why: (rollout) => query(rollout, 'blockers', whyQuery),
    audit: (rollout) => query(rollout, 'audit', auditQuery),
    plan: (rollout) => readPlan(reach, rollout),
    decide: (rollout, message, key) => update(rollout, decideUpdate, { message, key }),
    attest: (rollout, message, key) => update(rollout, attestUpdate, { message, key }),
    pause: (rollout, message, key) => update(rollout, pauseUpdate, { message, key }),
    resume: (rollout, message, key) => update(rollout, resumeUpdate, { message, key }),
    extend: (rollout, message, key) => update(rollout, extendUpdate, { message, key }),
    skipHold: (rollout, message, key) => update(rollout, skipHoldUpdate, { message, key }),
    retryGate: (rollout, message, key) => update(rollout, retryGateUpdate, { message, key }),
    withdraw: (rollout, message, key) => update(rollout, withdrawUpdate, { message, key }),
    rollback: (rollout, { by, reason, flag = null, waitMs = receiptMs }) =>
      requestRollback(reach, rollout, { message: { by, reason }, waitMs, flag }),
    reviews: (flag) => listReviews(reach, flag),
    promises: (flag) => listPromises(reach, flag),
    findReview: (flag) => findReview(reach, flag),
    openReview: (input) => openReview(reach, input),
    sendMessage: (input, message) => sendMessage(reach, input, message),
    closeMessages: (input, message) => closeMessages(reach, input, message),
    result: (rollout, options = {}) => awaitResult(reach, rollout, options),
    close: () => reach.close(),
  };
}

type Query = <Answer>(rollout: RolloutRef, what: string, query: QueryDefinition<Answer>) => Promise<Answer>;

const queriesOf =
  (reach: TemporalReach): Query =>
  ({ rollout, endedRunId }, what, query) =>
    reach.ask({
      what: `The ${what} of ${rollout}`,
      limitMs: queryMs,
      answeredBy: rollout,
      run: (client) => client.workflow.getHandle(rollout, endedRunId ?? undefined).query(query),
    });

type Update = <Answer, Message>(
  rollout: RolloutRef,
  update: UpdateDefinition<Answer, [Message]>,
  sent: { readonly message: Message; readonly key: string | undefined },
) => Promise<Answer>;

/** One update id for one message, whatever is repeated below: repetitions of it count once. */
const updatesOf =
  (reach: TemporalReach): Update =>
  ({ rollout, endedRunId }, update, { message, key }) => {
    const updateId = key ?? randomUUID();
    return reach.ask({
      what: `The ${update.name} of ${rollout}`,
      limitMs: updateMs,
      answeredBy: rollout,
      run: (client) =>
        client.workflow
          .getHandle(rollout, endedRunId ?? undefined)
          .executeUpdate(update, { args: [message], updateId }),
    });
  };
