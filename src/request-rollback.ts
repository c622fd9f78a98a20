/** Asking for a rollback so that it happens whatever else is broken, and waiting for the receipt. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { formatInstant } from './core/instant.js';
import type { RollbackAnswer, RolloutResult } from './core/rollout-shapes.js';
import { requestRollbackUpdate, rollbackSignal, type RollbackMessage } from '../workflows/messages.js';
import { describeRollout, type RolloutRef } from './find-rollout.js';
import { RolloutError } from './rollout-error.js';
import { grpcCode, grpcCodeOf, type TemporalReach } from './temporal-reach.js';

export interface RollbackReply {
  /** `signal`: as asked. `cancel`: the signal was refused, so the workflow was cancelled, which does the same. `before`: it was back already. */
  readonly by: 'signal' | 'cancel' | 'before';
  readonly answer: RollbackAnswer;
  /** From the request to the answer, on this machine's clock. */
  readonly tookMs: number;
}

const sendMs = 5_000;

/** The request is in the server's history before anything is waited for. Throws `no-worker` when the receipt does not come. */
export async function requestRollback(
  reach: TemporalReach,
  { rollout }: RolloutRef,
  { message, waitMs }: { readonly message: RollbackMessage; readonly waitMs: number },
): Promise<RollbackReply> {
  const askedAtMs = performance.now();
  const tookMs = (): number => Math.round(performance.now() - askedAtMs);
  const by = await sendRequest(reach, rollout, message);
  if (by === 'ended') return { by: 'before', answer: await receiptOfEnded(reach, rollout), tookMs: tookMs() };
  return { by, answer: await awaitReceipt(reach, rollout, { message, waitMs }), tookMs: tookMs() };
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
  { message, waitMs }: { readonly message: RollbackMessage; readonly waitMs: number },
): Promise<RollbackAnswer> {
  const endsAtMs = performance.now() + waitMs;
  const limitMs = (): number => Math.max(500, Math.round(endsAtMs - performance.now()));
  const what = `The receipt for the rollback of ${rollout}`;
  const updateId = `rollback/${randomUUID()}`;
  try {
    return await reach.ask({
      what,
      limitMs: limitMs(),
      needsWorker: true,
      run: (client) =>
        client.workflow.getHandle(rollout).executeUpdate(requestRollbackUpdate, { args: [message], updateId }),
    });
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const full = grpcCodeOf(error) === grpcCode.resourceExhausted;
    if (error.kind === 'no-worker' || (error.kind === 'unreachable' && !full)) throw stillComing(error, rollout);
    // It closed before the question came, or takes no more questions: the receipt is in its result.
    return receiptIn(await resultOf(reach, rollout, limitMs()));
  }
}

const resultOf = (reach: TemporalReach, rollout: string, limitMs: number): Promise<RolloutResult> =>
  reach.ask({
    what: `The result of ${rollout}`,
    limitMs,
    needsWorker: true,
    run: (client) => client.workflow.getHandle(rollout).result(),
  });

function receiptIn({ receipt, outcome }: RolloutResult): RollbackAnswer {
  if (receipt === null)
    return { written: false, by: 'holdpoint', reason: `The rollout had already ended: ${outcome}.` };
  return 'written' in receipt ? receipt : { written: true, ...receipt };
}

/** Asked twice is no error: the flag is back. Any other end leaves the flag where it is, so that must be said. */
async function receiptOfEnded(reach: TemporalReach, rollout: string): Promise<RollbackAnswer> {
  const summary = await describeRollout(reach, { rollout });
  if (summary === null)
    throw new RolloutError('not-found', `There is no rollout ${rollout}. See what there is: holdpoint list`);
  const { environment, flag, state, closedAt } = summary;
  if (state === 'rolled-back') return receiptIn(await resultOf(reach, rollout, sendMs));
  throw new RolloutError(
    'ended',
    `${rollout} has ended: ${state}${closedAt === null ? '' : ` at ${formatInstant(closedAt)}`}. It writes the flag no more. To take the flag back now: holdpoint rollback ${environment}/${flag} --break-glass --reason "why"`,
  );
}

const stillComing = ({ kind, message, cause }: RolloutError, rollout: string): RolloutError =>
  new RolloutError(
    kind,
    `The rollback of ${rollout} is noted and happens as soon as a worker runs, but is NOT proven yet. ${message}`,
    { cause },
  );
