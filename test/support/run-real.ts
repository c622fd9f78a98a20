/** Plays a rollout on the real Temporal server: a plan of seconds, a real flag file, metrics and smoke by script. */
import { createActivities } from '../../activities/create-activities.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openMemoryAnnouncer } from '../../src/adapters/announce/memory-announcer.js';
import { openMemoryArchive } from '../../src/adapters/archive/memory-archive.js';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import type { AuditEntry } from '../../src/core/audit.js';
import type { FlagStore } from '../../src/adapters/flags/flag-store.js';
import { openMemoryMetrics } from '../../src/adapters/metrics/memory-metrics.js';
import type { SmokeRunner } from '../../src/adapters/smoke/smoke-runner.js';
import { ownerOf, packPath, rolloutWorkflowId } from '../../src/core/names.js';
import type { Plan } from '../../src/core/plan.js';
import type { Reading } from '../../src/core/sample.js';
import type { SmokeOutcome } from '../../src/core/smoke-outcome.js';
import { registerSearchAttributes } from '../../src/search-attributes.js';
import { auditQuery, rollbackSignal } from '../../workflows/messages.js';
import type { rollout } from '../../workflows/rollout.js';
import { healthy } from './a-world.js';
import { assertPack, packIn } from './archived-pack.js';
import { watchFlag } from './flag-witness.js';
import { eventsOf, historiesOf } from './every-run.js';
import { assertInvariants } from './invariants.js';
import { readWrites } from './read-writes.js';
import { productionBundle, replay } from './replay.js';
import { startWorkers } from './temporal-env.js';

/** @param settings - the server's dynamic configuration, such as `limit.historyCount.suggestContinueAsNew=100`. */
export async function openRealServer(...settings: readonly string[]): Promise<TestWorkflowEnvironment> {
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: inject('temporalPath') },
      extraArgs: settings.flatMap((setting) => ['--dynamic-config-value', setting]),
    },
  });
  await registerSearchAttributes(env.connection, 'default');
  return env;
}

let runs = 0;

/** A flag file in a folder of its own, workers that can be stopped and started, and a started rollout. */
export async function startReal(env: TestWorkflowEnvironment, plan: Plan) {
  runs += 1;
  const taskQueue = `real-${process.pid}-${runs}`;
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-real-'));
  const flags = join(folder, 'flags.json');
  const store = openFileFlagStore({ id: 'local', path: flags, onTrouble: console.error });
  const state = {
    /** What the next start of the workers runs. */
    code: productionBundle(),
    reading: (_id: string): Reading => healthy,
    /** What a rollback waits for, or fails with, before it reaches the store. */
    beforeWrite: (): Promise<void> => Promise.resolve(),
    /** What a flip does after it was written, before anybody hears of it. */
    afterFlip: (): Promise<void> => Promise.resolve(),
    smoke: (): Promise<Pick<SmokeOutcome, 'outcome' | 'steps'>> => Promise.resolve({ outcome: 'passed', steps: [] }),
    /** Smoke runs that were told to stop. */
    smokeStopped: 0,
  };
  const smoke: SmokeRunner = {
    suites: ['reporting'],
    run: async (suite, { signal } = {}) => {
      const stopped = new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => {
          state.smokeStopped += 1;
          reject(new Error('stopped'));
        }),
      );
      const outcome = await Promise.race([state.smoke(), stopped]);
      return { suite, at: new Date().toISOString(), durationMs: 0, ...outcome };
    },
  };
  const announcer = openMemoryAnnouncer();
  const archive = openMemoryArchive();
  const activities = createActivities({
    flagStores: new Map([
      [
        'local',
        {
          ...store,
          flip: async (request) => {
            const outcome = await store.flip(request);
            await state.afterFlip();
            return outcome;
          },
          writeSafeState: (request) => state.beforeWrite().then(() => store.writeSafeState(request)),
        } satisfies FlagStore,
      ],
    ]),
    metrics: openMemoryMetrics(({ id }) => state.reading(id)),
    smoke,
    announcers: new Map([['room', announcer]]),
    posters: new Map([['room', { audience: 'staff', post: (notice) => announcer.post(notice) }]]),
    archive,
    review: { deadlineMs: 86_400_000, remindEveryMs: 28_800_000 },
    isOwnerOpen: () => Promise.resolve(false),
    now: Date.now,
  });
  const start = (code = state.code) => startWorkers(env, { taskQueue, activities, cache: true, code });
  let workers = await start();
  const handle = await env.client.workflow.start<typeof rollout>('rollout', {
    workflowId: `${rolloutWorkflowId(plan.flag.environment, plan.flag.key)}/${taskQueue}`,
    taskQueue,
    args: [{ plan, startedBy: 'dana' }],
  });
  /** After a long history the workflow has only the newest entries; the archive has all. */
  const wholeAudit = async (): Promise<readonly AuditEntry[]> => {
    const audit = await handle.query(auditQuery);
    if (audit[0]?.seq === 1) return audit;
    const [, text = ''] = [...archive.files].find(([path]) => path.endsWith('/audit.jsonl')) ?? [];
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry);
  };
  const witness = watchFlag(flags, plan.flag.key);
  return {
    handle,
    state,
    /** The flag document's path. */
    flags,
    store,
    archive,
    announcer,
    taskQueue,
    writes: () => readWrites(flags),
    offline: async (work: () => Promise<void>) => {
      await workers.stop();
      await work();
      workers = await start();
    },
    rollBackNow: () => handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' }),
    /** Other workflow code runs from here on. */
    deploy: async (code: string) => {
      await workers.stop();
      workers = await start(code);
    },
    /** The result, the audit and the writes, after the invariants and a replay of the history. */
    end: async () => {
      const result = await handle.result();
      const audit = await wholeAudit();
      const writes = await readWrites(flags);
      const histories = await historiesOf(env.client.workflow, handle.workflowId);
      assertInvariants({
        plan,
        startedBy: 'dana',
        owner: ownerOf(handle.workflowId, handle.firstExecutionRunId),
        result,
        audit,
        writes,
        events: eventsOf(histories),
        sightings: await witness.end(),
      });
      const pack = packIn(archive, packPath(plan.flag.environment, plan.flag.key, handle.firstExecutionRunId));
      assertPack(pack, result);
      for (const history of histories) await replay(history, handle.workflowId);
      return { result, audit, writes, pack, runs: histories.length, percents: writes.map(({ percent }) => percent) };
    },
    close: async () => {
      await witness.end();
      await workers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type RealRun = Awaited<ReturnType<typeof startReal>>;
