/** Asking for a rollback so that it happens whatever else is broken, and waiting for the receipt. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { RollbackAnswer, RolloutResult } from './core/rollout-shapes.js';
import { requestRollbackUpdate, rollbackSignal, statusQuery, type RollbackMessage } from '../workflows/messages.js';
import type { RolloutRef } from './find-rollout.js';
import { RolloutError } from './rollout-error.js';
import { startRevert, type FlagPlace } from './start-revert.js';
import { grpcCode, grpcCodeOf, type TemporalReach } from './temporal-reach.js';

export interface RollbackReply {
  /**
   * `signal`: the open rollout, as asked. `cancel`: the signal was refused, so the workflow was cancelled, which does
   * the same. `revert`: no rollout was open, so a run of its own took the flag back.
   */
  readonly by: 'signal' | 'cancel' | 'revert';
  readonly answer: RollbackAnswer;
  /** From the request to the answer, on this machine's clock. */
  readonly tookMs: number;
}

export interface RollbackAsk {
  readonly message: RollbackMessage;
  readonly waitMs: number;
  /** Where the flag is, should Temporal have forgotten its rollouts. */
  readonly flag: FlagPlace | null;
}

const sendMs = 5_000;
const statusMs = 5_000;

/**
 * The request is in the server's history before anything is waited for. When the receipt does not come it throws
 * `unproven` if the rollout says what keeps it, and `no-worker` if nobody does.
 */
export async function requestRollback(
  reach: TemporalReach,
  { rollout }: RolloutRef,
  ask: RollbackAsk,
): Promise<RollbackReply> {
  const askedAtMs = performance.now();
  const tookMs = (): number => Math.round(performance.now() - askedAtMs);
  const by = await sendRequest(reach, rollout, ask.message);
  if (by === 'ended') return { by: 'revert', answer: await revert(reach, rollout, ask), tookMs: tookMs() };
  const answer = await awaitReceipt(reach, rollout, ask);
  if (answer.written) return { by, answer, tookMs: tookMs() };
  const reverted = await revertAfter(reach, rollout, ask).catch(() => null);
  return reverted?.written === true
    ? { by: 'revert', answer: reverted, tookMs: tookMs() }
    : { by, answer, tookMs: tookMs() };
}

async function revert(reach: TemporalReach, rollout: string, ask: RollbackAsk): Promise<RollbackAnswer> {
  await startRevert(reach, rollout, ask);
  return awaitReceipt(reach, rollout, ask);
}

/**
 * A rollout that had not claimed the flag, or lost it, writes nothing; the flag may be up all the same, left there by
 * an earlier one. Only once it has closed can another run of its id begin.
 */
async function revertAfter(reach: TemporalReach, rollout: string, ask: RollbackAsk): Promise<RollbackAnswer> {
  await resultOf(reach, rollout, ask.waitMs);
  return revert(reach, rollout, ask);
}

async function sendRequest(
  reach: TemporalReach,
  rollout: string,
  message: RollbackMessage,
): Promise<'signal' | 'cancel' | 'ended'> {
  const what = `The rollback of ${rollout}`;
  const send = (run: (client: Client) => Promise<unknown>): Promise<unknown> =>
    reach.ask({ what, limitMs: sendMs, run });
  try {
    await send((client) => client.workflow.getHandle(rollout).signal(rollbackSignal, message));
    return 'signal';
  } catch (error) {
    if (error instanceof RolloutError && (error.kind === 'ended' || error.kind === 'not-found')) return 'ended';
    // Whatever the server held against the signal, it may not hold against a cancellation; if it does, the first error says more.
    try {
      await send((client) => client.workflow.getHandle(rollout).cancel());
      return 'cancel';
    } catch {
      throw error;
    }
  }
}

async function awaitReceipt(
  reach: TemporalReach,
  rollout: string,
  { message, waitMs }: RollbackAsk,
): Promise<RollbackAnswer> {
  const endsAtMs = performance.now() + waitMs;
  const limitMs = (): number => Math.max(500, Math.round(endsAtMs - performance.now()));
  const what = `The receipt for the rollback of ${rollout}`;
  const updateId = `rollback/${randomUUID()}`;
  try {
    return await reach.ask({
      what,
      limitMs: limitMs(),
      answeredBy: rollout,
      run: (client) =>
        client.workflow.getHandle(rollout).executeUpdate(requestRollbackUpdate, { args: [message], updateId }),
    });
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const full = grpcCodeOf(error) === grpcCode.resourceExhausted;
    if (error.kind === 'no-worker') throw await whatKeepsIt(reach, rollout, error);
    if (error.kind === 'unreachable' && !full) throw stillComing(error, rollout);
    // It closed before the question came, or takes no more questions: the receipt is in its result.
    return receiptIn(await resultOf(reach, rollout, limitMs()));
  }
}

const resultOf = (reach: TemporalReach, rollout: string, limitMs: number): Promise<RolloutResult> =>
  reach.ask({
    what: `The result of ${rollout}`,
    limitMs,
    answeredBy: rollout,
    run: (client) => client.workflow.getHandle(rollout).result(),
  });

function receiptIn({ receipt, outcome }: RolloutResult): RollbackAnswer {
  if (receipt === null)
    return { written: false, by: 'holdpoint', reason: `The rollout had already ended: ${outcome}.` };
  return 'written' in receipt ? receipt : { written: true, ...receipt };
}

/** A receipt that does not come looks the same without a worker and with a flag store that takes no write. */
async function whatKeepsIt(reach: TemporalReach, rollout: string, silence: RolloutError): Promise<RolloutError> {
  const status = await reach
    .ask({
      what: `The status of ${rollout}`,
      limitMs: statusMs,
      answeredBy: rollout,
      run: (client) => client.workflow.getHandle(rollout).query(statusQuery),
    })
    .catch(() => null);
  if (status === null) return stillComing(silence, rollout);
  const { state, next } = status;
  return new RolloutError(
    'unproven',
    `The rollback of ${rollout} is under way (${state}), but is NOT proven yet. ${next.sentence}`,
    { cause: silence },
  );
}

const stillComing = ({ kind, message, cause }: RolloutError, rollout: string): RolloutError =>
  new RolloutError(
    kind,
    `The rollback of ${rollout} is noted and happens as soon as a worker runs, but is NOT proven yet. ${message}`,
    { cause },
  );
