/** Whether somebody polls each queue of a rollout, and has a guard for each open one. */
import { formatDuration } from '../core/duration.js';
import { checksQueue, guardQueue } from '../core/names.js';
import { formatCount } from '../core/number-text.js';
import { rolloutType } from '../find-rollout.js';
import type { TemporalReach } from '../temporal-reach.js';
import { ok, unreachable, warn, type DoctorLine } from './line.js';
import { askTemporal, callMs, type Check } from './place.js';

/** `temporal.api.enums.v1.TaskQueueType` */
const tasks = { workflow: 1, activity: 2 } as const;
type TaskKind = keyof typeof tasks;

/** A poll lasts a minute; the server lists pollers for some minutes after they have gone. */
const goneAfterMs = 90_000;

interface Poller {
  readonly identity: string;
  readonly lastMs: number;
}

export const workerQueues: Check = {
  about: 'workers',
  silence: 'unreachable',
  look: (place) =>
    askTemporal('workers', place, async (reach) => {
      const { taskQueue } = reach;
      const guards = guardQueue(taskQueue);
      const lines = await Promise.all([
        queueLine(reach, taskQueue, ['workflow', 'activity']),
        queueLine(reach, checksQueue(taskQueue), ['activity']),
        queueLine(reach, guards, ['activity']),
      ]);
      const workers = (await pollersOf(reach, guards, 'activity')).length;
      return workers === 0
        ? lines
        : [...lines, await slotsLine(reach, { workers, slotsEach: place.config.worker.guardSlots })];
    }),
};

async function queueLine(reach: TemporalReach, queue: string, kinds: readonly TaskKind[]): Promise<DoctorLine> {
  const about = `workers on ${queue}`;
  const pollers = await Promise.all(kinds.map((kind) => pollersOf(reach, queue, kind)));
  const fewest = pollers.toSorted((a, b) => a.length - b.length)[0] ?? [];
  if (fewest.length === 0) {
    return unreachable(about, 'nobody polls it: rollouts stand still, and none rolls back', 'holdpoint worker');
  }
  const last = formatDuration(Math.max(0, Date.now() - Math.max(...fewest.map(({ lastMs }) => lastMs))));
  const names = fewest.slice(0, 3).map(({ identity }) => identity);
  const more = fewest.length > 3 ? ', …' : '';
  return ok(about, `${countWorkers(fewest.length)} (${names.join(', ')}${more}), last poll ${last} ago`);
}

async function pollersOf(reach: TemporalReach, queue: string, kind: TaskKind): Promise<Poller[]> {
  const { namespace } = reach;
  const { pollers } = await reach.ask({
    what: `Looking up the task queue ${queue}`,
    limitMs: callMs,
    run: ({ workflowService }) =>
      workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType: tasks[kind],
      }),
  });
  const found = (pollers ?? []).map(({ identity, lastAccessTime }): Poller => {
    const lastMs = Number(lastAccessTime?.seconds ?? 0) * 1_000 + (lastAccessTime?.nanos ?? 0) / 1e6;
    return { identity: identity ?? '', lastMs };
  });
  return found.filter(({ lastMs }) => Date.now() - lastMs < goneAfterMs);
}

async function slotsLine(
  reach: TemporalReach,
  { workers, slotsEach }: { readonly workers: number; readonly slotsEach: number },
): Promise<DoctorLine> {
  const inQueue = `TaskQueue = '${reach.taskQueue.replaceAll("'", "\\'")}'`;
  const { count: open } = await reach.ask({
    what: 'Counting open rollouts',
    limitMs: callMs,
    run: ({ workflow }) =>
      workflow.count(`WorkflowType = '${rolloutType}' AND ExecutionStatus = 'Running' AND ${inQueue}`),
  });
  return judgeSlots({ open, workers, slotsEach });
}

/** The slots of other workers are those of this configuration as far as anybody here knows. */
export function judgeSlots({
  open,
  workers,
  slotsEach,
}: {
  readonly open: number;
  readonly workers: number;
  readonly slotsEach: number;
}): DoctorLine {
  const slots = workers * slotsEach;
  const saw = `${formatCount(open)} open rollouts, ${formatCount(slots)} guard slots (${countWorkers(workers)} with ${formatCount(slotsEach)} each, by worker.guardSlots here)`;
  return open <= slots
    ? ok('guard slots', saw)
    : warn(
        'guard slots',
        `${saw}: ${formatCount(open - slots)} rollouts have looks, but no guard`,
        'Raise worker.guardSlots, or start another one: holdpoint worker',
      );
}

const countWorkers = (count: number): string => `${formatCount(count)} ${count === 1 ? 'worker' : 'workers'}`;
