/** What the activities need from the world, handed in by the composition root. */
import type { Announcer } from '../src/adapters/announce/announcer.js';
import type { Archive } from '../src/adapters/archive/archive.js';
import type { FlagStore } from '../src/adapters/flags/flag-store.js';
import type { MetricsSource } from '../src/adapters/metrics/metrics-source.js';
import type { SmokeRunner } from '../src/adapters/smoke/smoke-runner.js';

export interface ActivityDeps {
  /** By the id the plan names. */
  readonly flagStores: ReadonlyMap<string, FlagStore>;
  readonly metrics: MetricsSource;
  readonly smoke: SmokeRunner;
  /** By channel id. */
  readonly announcers: ReadonlyMap<string, Announcer>;
  readonly archive: Archive;
  /** Whether the rollout that owns a flag (`<workflowId>@<firstExecutionRunId>`) is still open. */
  readonly isOwnerOpen: (owner: string) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
