/** What is remembered of a rollout's thread in Slack, where every worker finds it: which message is the card, what was posted. */
import type { Archive } from '../archive/archive.js';

export interface SlackThread {
  /** Slack's name of the card; null: there is none yet. */
  readonly root: string | null;
  /** Of the event that the card shows. */
  readonly shownAt: string;
  /** Ids of what was posted. */
  readonly posted: readonly string[];
  /** When posting an id was first tried without an answer: it may have arrived all the same. */
  readonly trying: Readonly<Record<string, number>>;
}

const fresh: SlackThread = { root: null, shownAt: '', posted: [], trying: {} };

/** Older ones are not repeated any more. */
const postedKept = 300;

export interface ThreadMemory {
  /** Never throws: without the archive this process still knows what it did itself. */
  read(thread: string): Promise<SlackThread>;
  write(thread: string, memory: SlackThread): Promise<void>;
}

export interface ThreadName {
  readonly environment: string;
  readonly flag: string;
  readonly runId: string | null;
}

/** @param channel - id of the channel in the configuration. A path of its own: no environment begins with a dot. */
export function openThreadMemory(archive: Archive, channel: string): ThreadMemory {
  const known = new Map<string, SlackThread>();
  const path = (thread: string): string => `.channels/${encodeURIComponent(channel)}/${thread}.json`;
  return {
    read: async (thread) => {
      const kept = await archive.get(path(thread)).catch(() => null);
      return parse(kept) ?? known.get(thread) ?? fresh;
    },
    write: async (thread, memory) => {
      const kept = { ...memory, posted: memory.posted.slice(-postedKept) };
      known.set(thread, kept);
      await archive.put(path(thread), JSON.stringify(kept)).catch(() => undefined);
    },
  };
}

export const threadName = ({ environment, flag, runId }: ThreadName): string =>
  [environment, flag, runId ?? 'before'].map(encodeURIComponent).join('/');

function parse(text: string | null): SlackThread | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<SlackThread> | null;
    return value !== null && Array.isArray(value.posted) ? { ...fresh, ...value } : null;
  } catch {
    return null;
  }
}
