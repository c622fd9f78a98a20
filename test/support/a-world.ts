/** The world of a scenario: the shipped fakes, and knobs to break them. */
import { activityInfo } from '@temporalio/activity';
import { createActivities } from '../../activities/create-activities.js';
import type { GuardResult } from '../../activities/facts.js';
import type { Poster } from '../../src/adapters/announce/announcer.js';
import { openMemoryAnnouncer } from '../../src/adapters/announce/memory-announcer.js';
import { openMemoryArchive } from '../../src/adapters/archive/memory-archive.js';
import type { FlagStore } from '../../src/adapters/flags/flag-store.js';
import { ruleFor } from '../../src/adapters/flags/flag-rule.js';
import { openMemoryFlagStore } from '../../src/adapters/flags/memory-flag-store.js';
import { openMemoryMetrics } from '../../src/adapters/metrics/memory-metrics.js';
import { openMemorySmokeRunner } from '../../src/adapters/smoke/memory-smoke-runner.js';
import type { SmokeRunner } from '../../src/adapters/smoke/smoke-runner.js';
import type { Adapters } from '../../src/adapters/open.js';
import type { Reading } from '../../src/core/sample.js';
import type { SmokeOutcome } from '../../src/core/smoke-outcome.js';
import { withFailpoints, type Act } from './faulty-adapters.js';

export const healthy: Reading = { kind: 'value', value: 0.999, raw: '0.999', events: 10_000 };
export const failing: Reading = { kind: 'value', value: 0.9, raw: '0.9', events: 10_000 };
export const noData: Reading = { kind: 'no-data' };
export const down: Reading = { kind: 'unavailable', reason: 'unreachable', detail: 'connection refused' };

export const greenSmoke: Pick<SmokeOutcome, 'outcome' | 'steps'> = {
  outcome: 'passed',
  steps: [{ id: 'health', outcome: 'passed', durationMs: 3 }],
};
export const redSmoke: Pick<SmokeOutcome, 'outcome' | 'steps'> = {
  outcome: 'failed',
  steps: [{ id: 'health', outcome: 'failed', durationMs: 3, detail: 'expected status 200, got 500' }],
};

export interface WorldScript {
  /** The reading of a query (`watch/<check>` or `gate/<check>`) while the flag is at `percent`. */
  readonly reading?: (id: string, percent: number | null) => Reading;
  readonly smoke?: (suite: string, percent: number | null) => Pick<SmokeOutcome, 'outcome' | 'steps' | 'detail'>;
  /** Whether the store keeps late flips from landing; it does unless told otherwise. */
  readonly fence?: boolean;
}

const nothing = (): Promise<void> => Promise.resolve();

/** The server's own time, so that a day that is skipped through is a day for the activities, too. */
const serverNow = (): number => activityInfo().currentAttemptScheduledTimestampMs;

export function aWorld(script: WorldScript = {}) {
  const state = {
    /** Of the activities' clock, against the workflow's. */
    clockAheadMs: 0,
    reading: script.reading ?? (() => healthy),
    smoke: script.smoke ?? (() => greenSmoke),
    /** What a flip waits for before it reaches the store. */
    beforeFlip: nothing,
    beforeAnnounce: nothing,
    beforePost: nothing,
    /** What the archive does before it takes a file. */
    beforePut: (_path: string): Promise<void> => Promise.resolve(),
    /** Around each call to the world. */
    act: ((_, work) => work()) as Act,
  };
  const store = openMemoryFlagStore(serverNow);
  const archive = openMemoryArchive();
  const announcer = openMemoryAnnouncer();
  const percent = (): number | null => {
    const last = store.writes.at(-1);
    return last === undefined ? 0 : last.percent;
  };
  const adapters: Adapters = {
    flagStores: new Map([
      [
        'local',
        {
          ...store,
          capabilities: { ...store.capabilities, fence: script.fence ?? true },
          flip: (request) => state.beforeFlip().then(() => store.flip(request)),
        } satisfies FlagStore,
      ],
    ]),
    metrics: openMemoryMetrics(({ id }) => state.reading(id, percent())),
    smoke: slow(openMemorySmokeRunner(['reporting'], (suite) => state.smoke(suite, percent()), serverNow)),
    announcers: new Map([
      [
        'room',
        {
          announce: async (announcement) => {
            await state.beforeAnnounce();
            await announcer.announce(announcement);
          },
        },
      ],
    ]),
    posters: new Map<string, Poster>([
      ['room', { audience: 'staff', post: (notice) => announcer.post(notice) }],
      ['status', { audience: 'customers', post: (notice) => state.beforePost().then(() => announcer.post(notice)) }],
    ]),
    archive: { ...archive, put: (path, text) => state.beforePut(path).then(() => archive.put(path, text)) },
  };
  const activities = createActivities({
    ...withFailpoints(adapters, (what, work) => state.act(what, work)),
    review: { deadlineMs: 86_400_000, remindEveryMs: 28_800_000 },
    isOwnerOpen: () => Promise.resolve(false),
    now: () => serverNow() + state.clockAheadMs,
  });
  /** Somebody else's edit. */
  const edit = (key: string, percentThen: number): void => {
    const document = store.document();
    const edited = { ...document.flags[key], ...ruleFor(percentThen) };
    store.replaceDocument({ ...document, flags: { ...document.flags, [key]: edited } });
  };
  return { state, store, archive, announcer, activities, edit, withoutFence: script.fence === false };
}

/**
 * A stage begins with a guard and a smoke run. The time-skipping server refuses a task that cancels an activity which
 * ends at that moment: the guard there ends at once, so the smoke run that may end the stage comes a little later.
 */
const slow = (runner: SmokeRunner): SmokeRunner => ({
  suites: runner.suites,
  run: async (suite) => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return runner.run(suite);
  },
});

export type World = ReturnType<typeof aWorld>;

/** A running activity stops the time-skipping server's clock, so there the guard ends at once: a no-op by contract. */
export const guardThatEndsAtOnce = {
  guard: (): Promise<GuardResult> => Promise.resolve({ kind: 'window-ended', memory: null }),
};
