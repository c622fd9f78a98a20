/** One of several processes that write the same flag as fast as they can: a rollout that climbs, or a person who rolls back. */
import { once } from 'node:events';
import { AdapterError } from '../../../src/adapters/adapter-error.js';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { WriteOutcome } from '../../../src/adapters/flags/flag-store.js';

export interface RacingOrder {
  readonly path: string;
  readonly key: string;
  readonly as: 'rollout' | 'person';
  /** Writes to try. */
  readonly count: number;
}

export interface RacingNews {
  /** Every outcome, in order. */
  readonly outcomes: readonly WriteOutcome[];
}

const [{ path, key, as, count }] = (await once(process, 'message')) as [RacingOrder];
const store = openFileFlagStore({ id: as, path, onTrouble: (sentence) => console.error(sentence) });
const safeState = { percent: 0, set: { 'reporting-only': false } } as const;
const said = { key, by: as, reason: `writer ${process.pid}` };
const outcomes: WriteOutcome[] = [];

/** As all who write: `locked` says that nothing was written, which the log must bear out, and to try again. */
async function untilAnswered(write: () => Promise<WriteOutcome>): Promise<WriteOutcome> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof AdapterError && error.reason === 'locked')) throw error;
    }
  }
}

async function asRollout(): Promise<void> {
  const owner = `rollout@${process.pid}`;
  let seen = await store.read(key);
  while (outcomes.length < count) {
    const mine = seen.owner === owner && seen.percent !== 100;
    const { fence, revision, percent } = seen;
    const up = { ...said, owner, percent: (percent ?? 0) + 5, fence, expectedRevision: revision };
    const replaces = seen.owner;
    const outcome = await untilAnswered(() =>
      mine ? store.flip(up) : store.claim({ ...said, owner, replaces, safeState }),
    );
    outcomes.push(outcome);
    // Goes on from what it last saw itself: when somebody was faster, the store must say so.
    seen = outcome.record;
    if (!mine && outcome.kind === 'refused') await asPersonOnce();
  }
}

async function asPersonOnce(): Promise<void> {
  const owner = `break-glass:${process.pid}`;
  const { fence } = await store.read(key);
  outcomes.push(await untilAnswered(() => store.writeSafeState({ ...said, owner, safeState, fence, asked: 'person' })));
}

if (as === 'rollout') await asRollout();
else while (outcomes.length < count) await asPersonOnce();
process.send?.({ outcomes } satisfies RacingNews, undefined, {}, () => process.disconnect());
