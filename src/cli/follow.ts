/** Following a rollout until it ends, over lost connections, or until nobody but a person can move it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutResult, RolloutStatus } from '../core/rollout-shapes.js';
import type { RolloutSummary } from '../find-rollout.js';
import type { RolloutClient } from '../rollout-client.js';
import { RolloutError } from '../rollout-error.js';
import { exitCode, type ExitCode } from './exit-code.js';

export interface Following {
  /** Called with every status seen; also with the last one. */
  readonly onStatus: (status: RolloutStatus) => Promise<void> | void;
  /** Called once each time the server or the workers are lost. */
  readonly onTrouble: (message: string) => void;
  /** Whether a pause ends the following. */
  readonly untilPaused: boolean;
  /** Null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly stop: AbortSignal;
}

export type FollowEnd =
  | { readonly kind: 'ended'; readonly result: RolloutResult }
  /** Terminated, or failed: not by its own doing, and without a rollback. */
  | { readonly kind: 'ended-outside'; readonly message: string }
  | { readonly kind: 'paused' | 'timed-out' };

export function codeOfEnd(end: FollowEnd): ExitCode {
  if (end.kind === 'ended-outside') return exitCode.failed;
  if (end.kind !== 'ended') return exitCode.stuck;
  switch (end.result.outcome) {
    case 'completed':
      return exitCode.done;
    case 'rolled-back':
      return exitCode.rolledBack;
    case 'refused':
    case 'superseded':
      return exitCode.failed;
  }
}

const everyMs = 1_000;

/** Rejects when stopped. */
export async function follow(client: RolloutClient, rollout: RolloutSummary, following: Following): Promise<FollowEnd> {
  const { timeoutMs, stop } = following;
  const over = new AbortController();
  const endsAtMs = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  const trouble = tellOnce(following.onTrouble);
  const ended = awaitEnd(client, rollout, AbortSignal.any([stop, over.signal]));
  try {
    for (;;) {
      const status = await look(client, rollout, trouble);
      stop.throwIfAborted();
      if (status !== null) await following.onStatus(status);
      const end = await Promise.race([
        ended,
        sleep(Math.max(0, Math.min(everyMs, endsAtMs - performance.now())), null),
      ]);
      stop.throwIfAborted();
      if (end !== null) return await showLast(client, rollout, { following, end });
      if (status?.state === 'paused' && following.untilPaused) return { kind: 'paused' };
      if (performance.now() >= endsAtMs) return { kind: 'timed-out' };
    }
  } finally {
    over.abort();
    await ended.catch(() => undefined);
  }
}

async function awaitEnd(client: RolloutClient, rollout: RolloutSummary, signal: AbortSignal): Promise<FollowEnd> {
  try {
    return { kind: 'ended', result: await client.result(rollout, { signal }) };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { kind: 'ended-outside', message: error.message };
  }
}

/** What it ended as, if a worker can still tell. */
async function showLast(
  client: RolloutClient,
  rollout: RolloutSummary,
  { following, end }: { following: Following; end: FollowEnd },
): Promise<FollowEnd> {
  const status = end.kind === 'ended' ? await look(client, rollout, () => undefined) : null;
  if (status !== null) await following.onStatus(status);
  return end;
}

async function look(
  client: RolloutClient,
  rollout: RolloutSummary,
  trouble: (message: string | null) => void,
): Promise<RolloutStatus | null> {
  try {
    const status = await client.status(rollout);
    trouble(null);
    return status;
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    trouble(error.message);
    return null;
  }
}

/** Null: all is well again. */
function tellOnce(tell: (message: string) => void): (message: string | null) => void {
  let told = false;
  return (message) => {
    if (message !== null && !told) tell(`${message} Still following.`);
    told = message !== null;
  };
}
