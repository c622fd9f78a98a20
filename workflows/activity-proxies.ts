/** Every activity with its queue, timeouts and retries, each for a reason; the summary is what Temporal's UI shows of it. */
import { ActivityCancellationType, ApplicationFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { createActivities } from '../activities/create-activities.js';
import { checksQueue, guardQueue } from '../src/core/names.js';
import { summaryText } from '../src/core/summary-text.js';
import { longestFlipMs } from '../src/core/write-times.js';

type Activities = ReturnType<typeof createActivities>;

/** A write takes milliseconds; two seconds bound how long a lost answer can delay a rollback. */
const rollbackTimeout = '2 s';

/**
 * Flag writes stay on the workflow's own queue: only there does the server dispatch eagerly. A cancelled flip is not
 * waited for: the fence, not patience, keeps it from landing after a rollback.
 */
export function flagWrites(summary: string): Pick<Activities, 'flipFlag'> {
  return proxyActivities<Pick<Activities, 'flipFlag'>>({
    summary: summaryText(summary),
    startToCloseTimeout: longestFlipMs,
    scheduleToCloseTimeout: '1 m',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '200 ms', backoffCoefficient: 1.5, maximumInterval: '5 s' },
  });
}

/** A rollback during the claim must know whether there is something to take back, so a cancelled claim is waited for. */
export const claims = proxyActivities<Pick<Activities, 'claimFlag'>>({
  summary: 'take the flag, at 0 %',
  startToCloseTimeout: longestFlipMs,
  scheduleToCloseTimeout: '1 m',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '200 ms', backoffCoefficient: 1.5, maximumInterval: '5 s' },
});

/** The first try and one more: after that people are paged, while `rollbackForever` goes on. */
export function rollbackTwice(summary: string): Pick<Activities, 'writeSafeState'> {
  return proxyActivities<Pick<Activities, 'writeSafeState'>>({
    summary: summaryText(summary),
    startToCloseTimeout: rollbackTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '200 ms', backoffCoefficient: 1.5, maximumInterval: '2 s', maximumAttempts: 2 },
  });
}

/** Whether an activity failed because its worker's configuration lacks what it was asked for. */
export const isNotConfigured = ({ cause }: { readonly cause?: unknown }): boolean =>
  cause instanceof ApplicationFailure && cause.type === 'AdapterError:not-configured';

export const rollbackForever = proxyActivities<Pick<Activities, 'writeSafeState'>>({
  summary: 'back to 0 %, until it is proven',
  // A store over the network that is slow must come to its answer.
  startToCloseTimeout: longestFlipMs,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '200 ms', backoffCoefficient: 1.5, maximumInterval: '2 s' },
});

/** Looks have a queue of their own so that slow checks never delay a flip. Not being answered in time is evidence. */
export function checks(summary: string): Pick<Activities, 'look' | 'runSmoke'> {
  return proxyActivities<Pick<Activities, 'look' | 'runSmoke'>>({
    summary: summaryText(summary),
    taskQueue: checksQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '2 m',
    scheduleToCloseTimeout: '5 m',
    heartbeatTimeout: '5 s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 s', backoffCoefficient: 1.5, maximumInterval: '10 s', maximumAttempts: 3 },
  });
}

/** As long as one of its rounds, within bounds: more often would be most of what a server with many guards has to do. */
const guardHeartbeatMs = (guardMs: number): number => Math.min(15_000, Math.max(5_000, guardMs));

/** Long-running and heartbeating; a killed worker's guard starts elsewhere after the heartbeat timeout. */
export function guards(windowMs: number, guardMs: number, summary: string): Pick<Activities, 'guard'> {
  return proxyActivities<Pick<Activities, 'guard'>>({
    summary: summaryText(summary),
    taskQueue: guardQueue(workflowInfo().taskQueue),
    startToCloseTimeout: windowMs + 60_000,
    heartbeatTimeout: guardHeartbeatMs(guardMs),
    // Nobody waits for it but who wants its count.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '500 ms', backoffCoefficient: 1.5, maximumInterval: '10 s' },
  });
}

type Records = Pick<Activities, 'announce' | 'exportRecords' | 'post' | 'reviewGround'>;

/** Telling people and keeping records are retried for a while and never waited for by a rollback. */
export function records(summary: string): Records {
  return proxyActivities<Records>({
    summary: summaryText(summary),
    taskQueue: checksQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '20 s',
    scheduleToCloseTimeout: '10 m',
    cancellationType: ActivityCancellationType.ABANDON,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 m' },
  });
}
