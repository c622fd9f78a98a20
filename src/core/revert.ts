/** A rollback without a rollout: what it is started with, and the plan without stages that it runs by. */
import { digestOf } from './digest.js';
import { readMembers, readName, readText } from './person.js';
import type { Plan } from './plan.js';

/** Only store and key are needed: the safe state is in the flag's record. */
export interface RevertInput {
  /** Id of a flag store in the worker's configuration. */
  readonly store: string;
  readonly key: string;
  /** Left out: as the workflow id says. */
  readonly environment?: string;
  readonly by?: string;
  readonly reason?: string;
  /** Left out: every channel of the worker's configuration. */
  readonly channels?: readonly string[];
}

export interface Revert {
  readonly plan: Plan;
  readonly by: string;
  readonly reason: string;
}

/** Stands for every channel that the worker has. No id can be written like this. */
export const everyChannel = '*';

/** Null when it does not say which flag. */
export function readRevert(input: unknown, workflowId: string): Revert | null {
  const members = readMembers(input);
  const [store, key] = [readName(members['store']), readName(members['key'])];
  if (store === null || key === null) return null;
  const named: unknown = members['channels'];
  const flag = { store, key, environment: readName(members['environment']) ?? environmentIn(workflowId, key) };
  return {
    plan: planWithoutStages('revert', flag, isNames(named) ? named : [everyChannel]),
    by: readName(members['by']) ?? 'somebody',
    reason: readText(members['reason']) ?? 'no reason given',
  };
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/** Of `rollout/<environment>/<flag key>`. */
function environmentIn(workflowId: string, key: string): string {
  const [before, after] = ['rollout/', `/${key}`];
  const fits = workflowId.startsWith(before) && workflowId.endsWith(after);
  return (fits ? workflowId.slice(before.length, -after.length) : '') || 'unknown';
}

/** A rollout's plan has stages: `check` sees to it. */
export const isRevert = ({ stages }: Plan): boolean => stages.length === 0;

const minuteMs = 60_000;

/** Whole, so that audit, pack and report are made and verified as any other's. */
export function planWithoutStages(
  name: string,
  { store, environment, key }: { readonly store: string; readonly environment: string; readonly key: string },
  channels: readonly string[],
): Plan {
  const plan: Omit<Plan, 'digest'> = {
    apiVersion: 'holdpoint/v1',
    name,
    owner: null,
    description: null,
    flag: { store, environment, key, rollbackSet: {} },
    startAt: null,
    deadlineMs: 0,
    preflight: null,
    watch: { everyMs: minuteMs, guardMs: minuteMs, checks: [] },
    stages: [],
    policy: {
      onNoGo: 'roll-back',
      onSmokeFailure: 'roll-back',
      onInconclusive: { afterMs: 0, do: 'roll-back' },
      onUnavailable: { afterMs: 0, do: 'roll-back' },
      onDrift: 'roll-back',
      onDeadline: { do: 'roll-back', afterMs: null, then: null },
      maxRollbackTimeMs: 2 * minuteMs,
    },
    after: [],
    checks: {},
    channels,
  };
  return { ...plan, digest: digestOf(plan) };
}
