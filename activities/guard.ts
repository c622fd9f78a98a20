/**
 * Judges the watch checks between looks, every few seconds, outside history. It never writes: after a rollback it may
 * live on for a heartbeat, and nothing it says is believed without judging its samples again.
 */
import { activityInfo, cancellationDetails, cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { askWatch } from '../src/core/ask-checks.js';
import type { FlagRecord } from '../src/core/flag-record.js';
import type { Sample } from '../src/core/sample.js';
import { judge } from '../src/core/verdict.js';
import { AdapterError } from '../src/adapters/adapter-error.js';
import type { ActivityDeps } from './deps.js';
import type { GuardInput, GuardMemory, GuardResult } from './facts.js';
import { configured } from './failures.js';
import { measure } from './measure.js';
import { whileBeating } from './while-beating.js';

const nothingCounted: GuardMemory = { streaks: {}, failing: {} };

export function createGuard(deps: ActivityDeps) {
  return {
    guard: async (input: GuardInput): Promise<GuardResult> => {
      const endsAtMs = deps.now() + input.windowMs;
      // A killed worker's guard left its own count; it is newer than the one given.
      let memory = (activityInfo().heartbeatDetails as GuardMemory | undefined) ?? input.memory ?? nothingCounted;
      const rounds = async (): Promise<GuardResult> => {
        while (deps.now() < endsAtMs) {
          const round = await guardOnce(deps, input, memory);
          if ('kind' in round) return round;
          memory = round;
          heartbeat(memory);
          await sleep(input.plan.watch.guardMs);
        }
        return { kind: 'window-ended', memory };
      };
      try {
        return await whileBeating(rounds, () => memory);
      } catch (error) {
        // Told to stop, it hands its count on. A worker that shuts down is another thing: the next attempt goes on.
        if (error instanceof CancelledFailure && cancellationDetails()?.cancelRequested === true)
          return { kind: 'window-ended', memory };
        throw error;
      }
    },
  };
}

async function guardOnce(
  deps: ActivityDeps,
  input: GuardInput,
  memory: GuardMemory,
): Promise<GuardMemory | GuardResult> {
  const at = new Date(deps.now()).toISOString();
  const asked = askWatch(input.plan, ({ severity }) => severity === 'rollback');
  const [samples, flag] = await Promise.all([
    measure(deps.metrics, asked, { at, signal: cancellationSignal() }),
    readFlag(deps, input),
  ]);
  // Told once, not for as long as it lasts: the workflow answers each with a guard that knows.
  if (flag !== null && flag.revision !== input.revision) {
    return { kind: flag.fence > input.fence ? 'fence-lost' : 'drift', at, flag, memory };
  }
  return judgeRound(input, { at, samples }, memory);
}

/** A store that cannot be read says nothing; the look reports it. */
async function readFlag(deps: ActivityDeps, { flag }: GuardInput): Promise<FlagRecord | null> {
  try {
    return await configured(deps.flagStores, flag.store, 'flag store').read(flag.key);
  } catch (error) {
    if (error instanceof AdapterError) return null;
    throw error;
  }
}

function judgeRound(
  input: GuardInput,
  { at, samples }: { readonly at: string; readonly samples: readonly Sample[] },
  memory: GuardMemory,
): GuardMemory | GuardResult {
  const { streaks, breaches } = judge(input.plan, {
    at,
    stage: 0,
    percent: input.percent,
    flippedAt: input.flippedAt,
    scope: 'watch',
    flag: null,
    samples,
    smoke: [],
    streaks: memory.streaks,
  });
  const failing: Record<string, readonly Sample[]> = { ...memory.failing };
  for (const sample of samples) {
    const streak = streaks[sample.check];
    if (streak?.countedAt !== sample.at) continue;
    failing[sample.check] = streak.failing === 0 ? [] : [...(failing[sample.check] ?? []), sample];
  }
  const breach = breaches[0];
  if (breach !== undefined) return { kind: 'breach', at, samples: failing[breach.check] ?? samples };
  return { streaks, failing };
}
