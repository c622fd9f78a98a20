/** Every name that two places must agree on. */

/** Workers and starters meet here unless the configuration says otherwise. */
export const defaultTaskQueue = 'holdpoint';

/** Beside the rollout's own queue, where flips and rollback stay: only there are activities dispatched eagerly. */
export const checksQueue = (taskQueue: string): string => `${taskQueue}-checks`;
export const guardQueue = (taskQueue: string): string => `${taskQueue}-guard`;

export const rolloutWorkflowId = (environment: string, flagKey: string): string => `rollout/${environment}/${flagKey}`;

/** Who may move the flag up. The first run id stays the same over continue-as-new. */
export const ownerOf = (workflowId: string, firstExecutionRunId: string): string =>
  `${workflowId}@${firstExecutionRunId}`;

export const isRunId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** The type of the failure of a flip whose evidence is too old by the clock of who makes it. */
export const staleEvidence = 'StaleEvidence';

/** Where a rollout's pack is kept in the archive. */
export const packPath = (environment: string, flagKey: string, firstExecutionRunId: string): string =>
  `${encodeURIComponent(environment)}/${encodeURIComponent(flagKey)}/${firstExecutionRunId}`;

export const searchAttributes = {
  flag: 'RolloutFlag',
  environment: 'RolloutEnvironment',
  state: 'RolloutState',
  percent: 'RolloutPercent',
} as const;

export interface OwnerParts {
  readonly workflowId: string;
  readonly runId: string;
  readonly environment: string;
  readonly flag: string;
}

/** Null for an owner that is no rollout of ours, such as a break-glass. A flag key may hold slashes. */
export function rolloutOwner(owner: string | null): OwnerParts | null {
  const [, workflowId = '', environment = '', flag = '', runId = ''] =
    /^(rollout\/([^/]+)\/(.+))@([^@]+)$/.exec(owner ?? '') ?? [];
  return workflowId === '' ? null : { workflowId, runId, environment, flag };
}
