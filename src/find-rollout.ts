/** Rollouts as the server lists them: found by name, open or closed, without asking a worker. */
import { defineSearchAttributeKey } from '@temporalio/common';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { searchAttributes } from './core/names.js';
import { RolloutError } from './rollout-error.js';
import { grpcCode, grpcCodeOf, type TemporalReach } from './temporal-reach.js';

/** What a message is sent to. */
export interface RolloutRef {
  /** Workflow id. */
  readonly rollout: string;
  /** The run that ended it, to ask a closed rollout about itself. Null or left out: whichever is newest. */
  readonly endedRunId?: string | null;
}

export interface RolloutSummary extends RolloutRef {
  /** `revert`: the short run that took a flag back when no rollout of it was open. */
  readonly kind: 'rollout' | 'revert';
  /** Of the first run: stays the same over continue-as-new; names the pack. In a list: of the newest run. */
  readonly runId: string;
  readonly endedRunId: string | null;
  readonly flag: string;
  readonly environment: string;
  /** Null when the rollout was not started by Holdpoint. */
  readonly plan: string | null;
  readonly startedBy: string | null;
  readonly startedAt: string;
  /** Null while it is open. */
  readonly closedAt: string | null;
  readonly open: boolean;
  /** A rollout's state as it last noted it; how Temporal ended it, when that was not its own doing. */
  readonly state: string;
  /** As the rollout last noted it; may lag behind its status. */
  readonly percent: number | null;
}

export const rolloutType = 'rollout';
export const revertType = 'revert';

const ofFlags = `WorkflowType IN ('${rolloutType}', '${revertType}')`;

const keys = {
  flag: defineSearchAttributeKey(searchAttributes.flag, 'KEYWORD'),
  environment: defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD'),
  state: defineSearchAttributeKey(searchAttributes.state, 'KEYWORD'),
  percent: defineSearchAttributeKey(searchAttributes.percent, 'DOUBLE'),
};

/** What a rollout is started with, so that it can be found and told apart without a worker. */
export const startingAttributes = (flag: string, environment: string) => [
  { key: keys.flag, value: flag },
  { key: keys.environment, value: environment },
  { key: keys.state, value: 'waiting' },
  { key: keys.percent, value: 0 },
];

export interface StartMemo {
  readonly startedBy: string;
  readonly plan: string;
  readonly planDigest: string;
}

const listMs = 5_000;

/** Open ones first, each newest first. */
export async function listRollouts(reach: TemporalReach, closed: number): Promise<RolloutSummary[]> {
  const [open, recent] = await Promise.all([
    query(reach, `ExecutionStatus = 'Running'`, Number.POSITIVE_INFINITY),
    query(reach, `ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'`, closed),
  ]);
  return [...open, ...recent];
}

/**
 * Null: the only open one. A flag key, `<environment>/<flag key>` or a workflow id; closed ones are found, too. Behind
 * an `@` the run id, for one that another followed.
 */
export async function findRollout(
  reach: TemporalReach,
  name: string | null,
  { oneEnvironment = false } = {},
): Promise<RolloutSummary> {
  if (name === null) return findTheOpenOne(reach);
  const run = /^(rollout\/.+)@([^@/]+)$/.exec(name);
  if (run !== null) return findRun(reach, { rollout: run[1] ?? '', runId: run[2] ?? '' });
  const id = name.startsWith('rollout/') ? name : name.includes('/') ? `rollout/${name}` : null;
  const exact = id === null ? null : await describeRollout(reach, { rollout: id });
  if (exact !== null) return exact;
  const found = await findByFlag(reach, name, oneEnvironment);
  if (found !== null) return whole(reach, found);
  throw new RolloutError('not-found', `There is no rollout of ${name}. See what there is: holdpoint list`);
}

/** By its first run, as owners and packs name it. */
async function findRun(
  reach: TemporalReach,
  { rollout, runId }: { readonly rollout: string; readonly runId: string },
): Promise<RolloutSummary> {
  const isPlain = !/['"\\]/.test(rollout);
  const runs = isPlain
    ? await untilFound(() => query(reach, `WorkflowId = '${rollout}' AND ExecutionStatus != 'ContinuedAsNew'`, 1_000))
    : [];
  const found = runs.find((one) => one.runId === runId);
  if (found !== undefined) return found;
  throw new RolloutError(
    'not-found',
    `There is no rollout ${rollout} of run ${runId}. See what there is: holdpoint list`,
  );
}

async function findTheOpenOne(reach: TemporalReach): Promise<RolloutSummary> {
  const open = await untilFound(() => query(reach, `ExecutionStatus = 'Running'`, 20));
  const [only] = open;
  if (only === undefined) {
    throw new RolloutError('not-found', 'No rollout is open. See the closed ones: holdpoint list');
  }
  return open.length === 1 ? whole(reach, only) : refuseAmbiguous('Several rollouts are open', open);
}

/** Lists do not say which run was the first; a description does. */
const whole = async (reach: TemporalReach, listed: RolloutSummary): Promise<RolloutSummary> =>
  (await describeRollout(reach, listed)) ?? listed;

async function findByFlag(reach: TemporalReach, flag: string, oneEnvironment: boolean): Promise<RolloutSummary | null> {
  // Such a name is no flag key, and must not become a part of a query.
  if (/['"\\]/.test(flag)) return null;
  const where = `${searchAttributes.flag} = '${flag}'`;
  const open = await untilFound(() => query(reach, `${where} AND ExecutionStatus = 'Running'`, 20), 2);
  if (open.length > 1) return refuseAmbiguous(`Several rollouts of ${flag} are open`, open);
  if (open[0] !== undefined) return open[0];
  const closed = await untilFound(() =>
    query(reach, `${where} AND ExecutionStatus != 'ContinuedAsNew'`, oneEnvironment ? 100 : 1),
  );
  const newest = closed.filter((one, index) => closed.findIndex(({ rollout }) => rollout === one.rollout) === index);
  if (newest.length > 1) return refuseAmbiguous(`${flag} has rollouts in several environments`, newest);
  return newest[0] ?? null;
}

function refuseAmbiguous(what: string, open: readonly RolloutSummary[]): never {
  const names = open.map(({ environment, flag }) => `${environment}/${flag}`).join(', ');
  throw new RolloutError('ambiguous', `${what}: ${names}. Say which one, as <environment>/<flag key>.`);
}

/** The server's lists lag behind by a moment; a rollout just started must be found all the same. */
async function untilFound(look: () => Promise<RolloutSummary[]>, tries = 4): Promise<RolloutSummary[]> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await look();
    if (found.length > 0 || attempt >= tries) return found;
    await new Promise((resolve) => setTimeout(resolve, 150 * attempt));
  }
}

function query(reach: TemporalReach, where: string, most: number): Promise<RolloutSummary[]> {
  return reach.ask({
    what: 'The list of rollouts',
    limitMs: listMs,
    run: async (client) => {
      const found: RolloutSummary[] = [];
      if (most === 0) return found;
      const pageSize = Math.min(most, 1_000);
      try {
        for await (const info of client.workflow.list({
          query: `${ofFlags} AND ${where}`,
          pageSize,
        })) {
          found.push(toSummary(info));
          if (found.length >= most) break;
        }
      } catch (error) {
        // A server that no worker was ever started on does not know our search attributes: there is nothing to find.
        if (grpcCodeOf(error) === grpcCode.invalidArgument) return [];
        throw error;
      }
      return found;
    },
  });
}

/** Null when there is no such workflow. */
export async function describeRollout(
  reach: TemporalReach,
  { rollout, endedRunId }: RolloutRef,
): Promise<RolloutSummary | null> {
  try {
    return await reach.ask({
      what: `Looking up ${rollout}`,
      limitMs: listMs,
      run: async (client) => toSummary(await client.workflow.getHandle(rollout, endedRunId ?? undefined).describe()),
    });
  } catch (error) {
    if (error instanceof RolloutError && error.kind === 'not-found') return null;
    throw error;
  }
}

type ListedInfo = Omit<WorkflowExecutionInfo, 'raw'> & { readonly raw: unknown };

export function toSummary(info: ListedInfo): RolloutSummary {
  const attributes = info.typedSearchAttributes;
  const memo = (info.memo ?? {}) as Partial<StartMemo>;
  const [, environment = '', ...rest] = info.workflowId.split('/');
  const open = info.status.name === 'RUNNING' || info.status.name === 'PAUSED';
  const noted = attributes.get(keys.state) ?? 'waiting';
  const kind = info.type === revertType ? 'revert' : 'rollout';
  return {
    kind,
    rollout: info.workflowId,
    runId: firstRunId(info),
    endedRunId: open ? null : info.runId,
    flag: attributes.get(keys.flag) ?? rest.join('/'),
    environment: attributes.get(keys.environment) ?? environment,
    plan: memo.plan ?? (kind === 'revert' ? kind : null),
    startedBy: memo.startedBy ?? null,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    open,
    state: open || info.status.name === 'COMPLETED' ? noted : info.status.name.toLowerCase().replaceAll('_', '-'),
    percent: attributes.get(keys.percent) ?? null,
  };
}

/** Lists carry it beside the info, if at all; a description inside of it; an old server not at all. */
function firstRunId(info: ListedInfo): string {
  const raw = info.raw as { firstRunId?: string | null; workflowExecutionInfo?: { firstRunId?: string | null } };
  return raw.workflowExecutionInfo?.firstRunId || raw.firstRunId || info.runId;
}
