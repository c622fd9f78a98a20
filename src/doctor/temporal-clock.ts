/** The Temporal server's clock, read without leaving a trace in history: it notes when a task queue was last polled. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTaskQueue } from '../core/names.js';
import type { TemporalReach } from '../temporal-reach.js';
import { judgeClock, type ClockReading } from './clock-skew.js';
import { ok } from './line.js';
import { askTemporal, type Check } from './place.js';

/** Nothing is ever put on it. */
const queue = `${defaultTaskQueue}-doctor`;
/** A large server spreads a queue over several partitions, and tells of one of them. */
const polls = 4;
const patienceMs = 1_500;
/** A server refuses a poll that would give up sooner. */
const pollMs = 10_000;

export const temporalClock: Check = {
  about: 'clock of temporal',
  silence: 'unreachable',
  look: (place) =>
    askTemporal('clock of temporal', place, async (reach) => {
      const reading = await readClock(reach);
      return reading === null
        ? [ok('clock of temporal', 'this server does not show its clock')]
        : [judgeClock('clock of temporal', "Temporal's clock", reading)];
    }),
};

async function readClock({ client, namespace }: TemporalReach): Promise<ClockReading | null> {
  const identity = `holdpoint-doctor/${randomUUID()}`;
  const { workflowService } = client;
  const over = new AbortController();
  const beforeMs = Date.now();
  const poll = (): Promise<unknown> =>
    client.withAbortSignal(over.signal, () =>
      client.withDeadline(beforeMs + pollMs, () =>
        workflowService.pollActivityTaskQueue({ namespace, identity, taskQueue: { name: queue } }),
      ),
    );
  const polling = Promise.allSettled(Array.from({ length: polls }, poll));
  try {
    while (Date.now() < beforeMs + patienceMs) {
      const { pollers } = await client.withDeadline(Date.now() + patienceMs, () =>
        workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType: activityTasks }),
      );
      const afterMs = Date.now();
      const at = (pollers ?? []).find((poller) => poller.identity === identity)?.lastAccessTime;
      if (at != null) return { theirsMs: Number(at.seconds) * 1_000 + (at.nanos ?? 0) / 1e6, beforeMs, afterMs };
      await sleep(50);
    }
    return null;
  } finally {
    over.abort();
    await polling;
  }
}

/** `temporal.api.enums.v1.TaskQueueType` */
const activityTasks = 2;
