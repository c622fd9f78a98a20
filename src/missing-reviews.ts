/** Reviews that nobody could open, because Temporal or the workers were gone: opened when a worker is there. */
import type { Archive } from './adapters/archive/archive.js';
import type { FlagStore } from './adapters/flags/flag-store.js';
import type { Logger } from './log.js';
import { reviewReport, reviewWorkflowId } from './core/review.js';
import { rolloutWorkflowId } from './core/names.js';
import { openReview } from './reviews.js';
import { seldom } from './seldom.js';
import { readPlan } from './start-rollout.js';
import type { TemporalReach } from './temporal-reach.js';

export interface ReviewKeeper {
  stop(): void;
}

interface KeeperParts {
  readonly reach: TemporalReach;
  readonly flagStores: ReadonlyMap<string, FlagStore>;
  readonly archive: Archive;
  readonly log: Logger;
}

const everyMs = 60_000;

/** At once, and then every minute: glass may be broken while this worker runs on without its server. */
export function keepReviewsOpen(parts: KeeperParts): ReviewKeeper {
  const known = new Set<string>();
  const isNews = seldom(600_000);
  const warn = (store: string, error: unknown): void => {
    if (!isNews(store)) return;
    const why = (error as Error).message;
    parts.log.warn({ store, why }, 'Reviews of break-glasses could not be opened. Trying again each minute.');
  };
  const look = (): void => void openMissing(parts, known, warn);
  look();
  const timer = setInterval(look, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}

/** Never throws: what cannot be opened now is tried again. */
async function openMissing(
  { reach, flagStores, archive, log }: KeeperParts,
  known: Set<string>,
  warn: (store: string, error: unknown) => void,
): Promise<void> {
  for (const [store, flags] of flagStores) {
    try {
      for (const { key, breakGlass } of await flags.list()) {
        if (breakGlass === null || known.has(breakGlass.id)) continue;
        const input = { store, key, breakGlass };
        // Temporal forgets closed reviews after a while; the archive does not.
        if ((await archive.get(reviewReport(input))) !== null) {
          known.add(breakGlass.id);
          continue;
        }
        const channels = await channelsOf(reach, rolloutWorkflowId(breakGlass.environment, key));
        const opened = await openReview(reach, { ...input, ...(channels.length === 0 ? {} : { channels }) });
        known.add(breakGlass.id);
        if (opened)
          log.warn({ review: reviewWorkflowId(input), by: breakGlass.by }, 'A break-glass waits for its review.');
      }
    } catch (error) {
      warn(store, error);
    }
  }
}

/** None: the rollout had none, or Temporal has forgotten it. */
const channelsOf = async (reach: TemporalReach, rollout: string): Promise<readonly string[]> =>
  readPlan(reach, { rollout }).then(
    ({ channels }) => channels,
    () => [],
  );
