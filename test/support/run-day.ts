/** Plays a rollout on the time-skipping server: a plan, a world, and what people do when. */
import type { WorkflowHandleWithStartDetails } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AuditEntry } from '../../src/core/audit.js';
import { parseDuration } from '../../src/core/duration.js';
import type { Pack } from '../../src/core/pack.js';
import { ownerOf, packPath, rolloutWorkflowId } from '../../src/core/names.js';
import type { Plan } from '../../src/core/plan.js';
import type { DecideAnswer, RolloutResult, RolloutState, RolloutStatus } from '../../src/core/rollout-shapes.js';
import { auditQuery, decideUpdate, statusQuery, type DecideMessage } from '../../workflows/messages.js';
import type { rollout } from '../../workflows/rollout.js';
import { assertPack, packIn } from './archived-pack.js';
import { historyLines } from './history-lines.js';
import { assertInvariants } from './invariants.js';
import { recordHistory } from './stored-history.js';
import { replay } from './replay.js';
import { startWorkers } from './temporal-env.js';
import { guardThatEndsAtOnce, type World } from './a-world.js';

export interface Day {
  readonly env: TestWorkflowEnvironment;
  readonly handle: WorkflowHandleWithStartDetails<typeof rollout>;
  status(): Promise<RolloutStatus>;
  send<Answer, Message>(update: UpdateDefinition<Answer, [Message]>, message: Message): Promise<Answer>;
  decide(message: DecideMessage): Promise<DecideAnswer>;
  /** No worker lives while `work` is done. Needs a day without cache: this server does not give up a dead worker's queue. */
  offline(work: () => Promise<void>): Promise<void>;
  /** Lets virtual time pass, until the rollout is in that state. */
  until(state: RolloutState): Promise<void>;
  /** Until nothing runs: see `settled`. */
  rest(): Promise<void>;
  /** Lets virtual time pass. */
  pass(duration: '15m' | '30m' | '1h' | '2h' | '4h' | '12h'): Promise<void>;
}

export interface DayRecord {
  readonly result: RolloutResult;
  readonly audit: readonly AuditEntry[];
  /** What the archive holds of it. */
  readonly pack: Pack;
  readonly status: RolloutStatus;
  /** Every percent written, in order. */
  readonly percents: readonly (number | null)[];
  /** `stage move row`, in order. */
  readonly moves: readonly string[];
  readonly events: number;
  readonly bytes: number;
  readonly activities: number;
  /** See `historyLines`. */
  readonly history: readonly string[];
}

export interface DayScript {
  readonly plan: Plan;
  readonly world: World;
  readonly people: (day: Day) => Promise<void>;
  /** Recorded under this name in `test/histories/` when HOLDPOINT_RECORD_HISTORIES is set. */
  readonly name?: string;
  /** False: each workflow task is replayed from the beginning. */
  readonly cache?: boolean;
  /** False: what the archive holds at the end is no pack, or not all of it. */
  readonly archives?: boolean;
}

let days = 0;

export async function runDay(
  env: TestWorkflowEnvironment,
  { plan, world, people, name, cache = true, archives = true }: DayScript,
): Promise<DayRecord> {
  days += 1;
  const taskQueue = `day-${process.pid}-${days}`;
  const start = () =>
    startWorkers(env, { taskQueue, activities: { ...world.activities, ...guardThatEndsAtOnce }, cache });
  let workers = await start();
  try {
    const handle = await env.client.workflow.start<typeof rollout>('rollout', {
      workflowId: `${rolloutWorkflowId(plan.flag.environment, plan.flag.key)}/${taskQueue}`,
      taskQueue,
      args: [{ plan, startedBy: 'dana' }],
    });
    const send: Day['send'] = (update, message) => handle.executeUpdate(update, { args: [message] });
    const status = () => handle.query(statusQuery);
    const pass: Day['pass'] = async (duration) => {
      // A minute off the grid of looks: see `settled`.
      await env.sleep((parseDuration(duration) ?? 0) + 60_000);
      await settled(handle);
    };
    await people({
      env,
      handle,
      status,
      send,
      rest: () => settled(handle),
      pass,
      offline: async (work) => {
        await workers.stop();
        await work();
        workers = await start();
      },
      until: async (state) => {
        for (let tries = 0; (await status()).state !== state; tries += 1) {
          if (tries === 200) throw new Error(`never ${state}: ${JSON.stringify(await status())}`);
          await pass('15m');
        }
      },
      decide: (message) => send(decideUpdate, message),
    });
    const result = await handle.result();
    const audit = await handle.query(auditQuery);
    const pack = packIn(world.archive, packPath(plan.flag.environment, plan.flag.key, handle.firstExecutionRunId));
    if (archives) assertPack(pack, result);
    const history = await handle.fetchHistory();
    assertInvariants({
      plan,
      startedBy: 'dana',
      owner: ownerOf(handle.workflowId, handle.firstExecutionRunId),
      result,
      audit,
      writes: world.store.writes,
      events: history.events ?? [],
      sightings: [],
      withoutFence: world.withoutFence,
    });
    await replay(history, handle.workflowId);
    if (name !== undefined) await recordHistory(name, handle.workflowId, history);
    const events = history.events ?? [];
    return {
      result,
      audit,
      pack,
      status: await status(),
      percents: world.store.writes.map(({ percent }) => percent),
      moves: audit
        .filter(({ kind }) => kind === 'move')
        .map(({ data }) => [data['stage'], data['move'], data['row']].map(String).join(' ')),
      events: events.length,
      bytes: JSON.stringify(events).length,
      activities: events.filter(
        ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes != null,
      ).length,
      history: historyLines(events),
    };
  } finally {
    await workers.stop();
  }
}

/**
 * The time-skipping server, unlike the real one, refuses a workflow task that cancels a timer or an activity which ends
 * at the same moment; so people here speak only while nothing runs. The real server's tests do not wait.
 */
async function settled(handle: Day['handle']): Promise<void> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    const { raw } = await handle.describe();
    if ((raw.pendingActivities ?? []).length === 0 && (await noTaskRuns(handle))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the workflow does not come to rest');
}

/** This server's description never shows a workflow task; its history does. */
async function noTaskRuns(handle: Day['handle']): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  const last = events?.findLast(
    (event) =>
      event.workflowTaskScheduledEventAttributes ??
      event.workflowTaskStartedEventAttributes ??
      event.workflowTaskCompletedEventAttributes,
  );
  return last?.workflowTaskCompletedEventAttributes != null;
}

/** Waits for a hold point and says go. */
export async function goAt(day: Day, stage: number, by = 'sam'): Promise<DecideAnswer> {
  for (let tries = 0; tries < 200; tries += 1) {
    const status = await day.status();
    if (status.stage === stage && status.state === 'asking') {
      const answer = await day.decide({ decision: 'go', by, role: 'release-manager', stage });
      if (answer.accepted) return answer;
    }
    await day.pass('15m');
  }
  throw new Error(`stage ${stage} was never asked: ${JSON.stringify(await day.status())}`);
}

/** A go at each of the hold points. */
export const everyGo =
  (...stages: number[]) =>
  async (day: Day): Promise<void> => {
    for (const stage of stages) await goAt(day, stage);
  };
