/** Telling a CDN that one path has changed, once a flag is written: a courtesy that no write waits for. */
import { digestOf } from '../../core/digest.js';
import { AdapterError } from '../adapter-error.js';
import type { Json } from '../smoke/placeholders.js';
import { askStore } from './ask-store.js';
import type { FlagStore, WriteOutcome } from './flag-store.js';
import { fillNames } from './http/fill-template.js';

export interface AfterWrite {
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  /** The one path that is to be forgotten. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** With `{path}`, `{reference}` and `{key}`. */
  readonly body: Json;
  readonly timeoutMs: number;
}

export interface AfterWriteSurroundings {
  /** The store's id, for messages. */
  readonly id: string;
  readonly onError: (error: AdapterError) => void;
}

/** Between attempts. Soon: a copy that is old by more than some seconds is asked for anew by itself. */
const pausesMs = [200, 1_000];

/** Everybody's, so that a process that ends can wait for them. */
const underway = new Set<Promise<void>>();

/** Resolves when nothing is under way any more, or the limit is over. */
export async function afterWritesDone(limitMs: number): Promise<void> {
  if (underway.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.all(underway), limit]);
  clearTimeout(timer);
}

export function withAfterWrite(store: FlagStore, hook: AfterWrite, surroundings: AfterWriteSurroundings): FlagStore {
  const done = new Set<string>();
  const after = async (write: Promise<WriteOutcome>): Promise<WriteOutcome> => {
    const outcome = await write;
    if (outcome.kind === 'written') {
      const reference = referenceOf(outcome);
      // A rollback that reads back again and again is one change.
      if (!done.has(reference)) begin(hook, { key: outcome.record.key, reference, done }, surroundings);
    }
    return outcome;
  };
  return {
    capabilities: store.capabilities,
    read: (key) => store.read(key),
    list: () => store.list(),
    claim: (request) => after(store.claim(request)),
    flip: (request) => after(store.flip(request)),
    writeSafeState: (request) => after(store.writeSafeState(request)),
  };
}

/** The same for every attempt of one write, so that a CDN that knows it does the work once. */
export const referenceOf = ({
  record: { key, owner },
  receipt: { revision },
}: Extract<WriteOutcome, { kind: 'written' }>): string =>
  `holdpoint-${digestOf({ key, owner, revision }).replace('sha256:', '').slice(0, 32)}`;

interface Change {
  readonly key: string;
  readonly reference: string;
  /** References that need nothing more. */
  readonly done: Set<string>;
}

function begin(hook: AfterWrite, change: Change, surroundings: AfterWriteSurroundings): void {
  change.done.add(change.reference);
  const work = tellUntilTaken(hook, change, surroundings).finally(() => underway.delete(work));
  underway.add(work);
}

async function tellUntilTaken(
  hook: AfterWrite,
  change: Change,
  { id, onError }: AfterWriteSurroundings,
): Promise<void> {
  const server = { adapter: `cdn of flag store ${id}`, headers: hook.headers, timeoutMs: hook.timeoutMs };
  const body = JSON.stringify(fillNames(hook.body, { path: hook.path, reference: change.reference, key: change.key }));
  for (const pauseMs of [...pausesMs, null]) {
    try {
      const headers = { 'content-type': 'application/json' };
      await askStore(server, { method: hook.method, url: hook.url, headers, body, leftMs: hook.timeoutMs });
      return;
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      onError(error);
      // Then the next request with this reference, if there is one, tries again.
      if (pauseMs === null) return void change.done.delete(change.reference);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
