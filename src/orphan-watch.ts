/** A worker's look for orphans: at its start and every ten minutes. It tells, and never writes: who knows why it is up? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Announcer } from './adapters/announce/announcer.js';
import type { Announcement } from './core/announcement.js';
import type { Logger } from './log.js';
import { findOrphans, type OrphanSearch, type UpFlag } from './orphans.js';
import type { Telemetry } from './telemetry.js';
import { OutOfTimeError, inTime } from './time-limit.js';

export interface OrphanWatchParts extends OrphanSearch {
  readonly announcers: ReadonlyMap<string, Announcer>;
  readonly telemetry: Pick<Telemetry, 'orphans'>;
  readonly log: Logger;
}

export interface OrphanWatch {
  /** Settles when the watch has let go of stores and connections; an announcement may still be under way. */
  stop(): Promise<void>;
}

const everyMs = 10 * 60_000;
/** How long a worker's start waits for the first look. */
const firstMs = 3_000;

/** Resolves after the first look, or when that takes too long; never rejects. */
export async function watchOrphans(parts: OrphanWatchParts): Promise<OrphanWatch> {
  const stop = new AbortController();
  const look = openOrphanLook(parts);
  const first = look();
  const going = (async () => {
    await first;
    while (!stop.signal.aborted) {
      await sleep(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      if (!stop.signal.aborted) await look();
    }
  })();
  await inTime(first, firstMs).catch((error: unknown) => {
    if (error instanceof OutOfTimeError)
      parts.log.warn('Looking for flags that nobody watches takes long; the worker starts meanwhile.');
  });
  return {
    stop: async () => {
      stop.abort();
      await inTime(going, firstMs).catch(() => undefined);
    },
  };
}

/** One look; never rejects. What a channel has taken is not announced to it again. */
export function openOrphanLook(parts: OrphanWatchParts): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    try {
      const { orphans, noteworthy, untold, unread } = await findOrphans(parts);
      for (const orphan of orphans) logOrphan(parts.log, orphan);
      for (const { sentence } of noteworthy) parts.log.info(sentence);
      if (untold.length > 0) {
        const flags = untold.map(({ sentence }) => sentence);
        parts.log.warn({ flags }, 'Nobody can tell now whether these flags are watched.');
      }
      for (const { store, why } of unread)
        parts.log.warn({ store }, `Cannot tell whether its flags are watched: ${why}`);
      // Not knowing is no reason to take an alarm back.
      if (untold.length + unread.length === 0 || orphans.length > 0) parts.telemetry.orphans(orphans.length);
      for (const orphan of orphans) for (const [channel, to] of parts.announcers) void tell(orphan, { channel, to });
    } catch (error) {
      parts.log.error({ err: error }, 'Looking for flags that nobody watches failed.');
    }
  };

  /** Beside everything else: a channel that hangs holds up nothing; one that fails is tried at the next look. */
  async function tell(orphan: UpFlag, { channel, to }: { channel: string; to: Announcer }): Promise<void> {
    const announcement = announcementOf(orphan);
    const key = `${channel}/${announcement.id}`;
    if (told.has(key)) return;
    told.add(key);
    try {
      await to.announce(announcement);
    } catch (error) {
      told.delete(key);
      parts.log.warn({ channel, why: (error as Error).message }, 'The channel was not told of an orphan.');
    }
  }
}

function logOrphan(log: Logger, { store, owner, record, sentence, back }: UpFlag): void {
  const { percent, fence } = record;
  log.error({ rollout: owner.workflowId, store, percent, fence, back }, sentence);
}

/** The id is the same from every worker and after every restart: receivers tell people once. */
function announcementOf({ store, owner, record, sentence, back }: UpFlag): Announcement {
  return {
    id: `orphan/${store}/${record.owner}`,
    kind: 'orphan',
    rollout: owner.workflowId,
    runId: owner.runId,
    flag: record.key,
    environment: owner.environment,
    plan: '',
    at: new Date().toISOString(),
    percent: record.percent,
    what: 'Nobody watches this flag, and it is up.',
    why: sentence,
    next: `Nothing happens by itself. To take it back: ${back}`,
    who: ['on-call'],
  };
}
