/** Waiting for a rollout's end: for a day, over lost connections and restarted servers. */
import type { WorkflowFailedError } from '@temporalio/client';
import type { RolloutResult } from './core/rollout-shapes.js';
import type { RolloutRef } from './find-rollout.js';
import { RolloutError } from './rollout-error.js';
import type { TemporalReach } from './temporal-reach.js';

export interface WaitOptions {
  /** Ends the waiting, not the rollout: the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told once each time the server is lost. */
  readonly onTrouble?: (message: string) => void;
}

/** A poll that outlives a dead connection is asked again after this. */
const pollMs = 60_000;
const pauseMs = 1_000;

export async function awaitResult(
  reach: TemporalReach,
  { rollout, endedRunId }: RolloutRef,
  { signal, onTrouble }: WaitOptions,
): Promise<RolloutResult> {
  const never = new AbortController();
  const stop = signal ?? never.signal;
  let lost = false;
  for (;;) {
    stop.throwIfAborted();
    try {
      return await reach.client.withDeadline(Date.now() + pollMs, () =>
        reach.client.withAbortSignal(stop, () =>
          reach.client.workflow.getHandle(rollout, endedRunId ?? undefined).result(),
        ),
      );
    } catch (error) {
      stop.throwIfAborted();
      const verdict = await classify(reach, rollout, error);
      if (verdict === 'again') lost = false;
      else if (verdict.kind !== 'unreachable') throw verdict;
      else {
        if (!lost) onTrouble?.(`${verdict.message} Waiting for it to come back; the rollout goes on meanwhile.`);
        lost = true;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}

/** `again`: only this poll's time was over. */
async function classify(reach: TemporalReach, rollout: string, error: unknown): Promise<RolloutError | 'again'> {
  if ((error as Error).name === 'WorkflowFailedError') {
    const why = (error as WorkflowFailedError).cause?.message ?? 'no reason given';
    return new RolloutError(
      'refused',
      `${rollout} was ended from outside (${why}), without a rollback. Look at the flag now, and take it back if it is up.`,
      { cause: error },
    );
  }
  try {
    await reach.ask({
      what: `Waiting for ${rollout}`,
      limitMs: 5_000,
      run: (client) => client.workflow.getHandle(rollout).describe(),
    });
    return 'again';
  } catch (trouble) {
    if (trouble instanceof RolloutError) return trouble;
    throw trouble;
  }
}
