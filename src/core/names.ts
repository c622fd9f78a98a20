/** Every name that two places must agree on. */

export const workflowTypes = { rollout: 'rollout' } as const;

/** Flips and rollback stay on the workflow's own queue: only there does the server dispatch an activity eagerly. */
export const defaultTaskQueue = 'holdpoint';
export const checksQueue = (taskQueue: string): string => `${taskQueue}-checks`;
export const guardQueue = (taskQueue: string): string => `${taskQueue}-guard`;

export const rolloutWorkflowId = (environment: string, flagKey: string): string => `rollout/${environment}/${flagKey}`;

/** Who may move the flag up. The first run id stays the same over continue-as-new. */
export const ownerOf = (workflowId: string, firstExecutionRunId: string): string =>
  `${workflowId}@${firstExecutionRunId}`;

/** Where a rollout's pack is kept in the archive. */
export const packPath = (environment: string, flagKey: string, firstExecutionRunId: string): string =>
  `${encodeURIComponent(environment)}/${encodeURIComponent(flagKey)}/${firstExecutionRunId}`;

export const searchAttributes = {
  flag: 'RolloutFlag',
  environment: 'RolloutEnvironment',
  state: 'RolloutState',
  percent: 'RolloutPercent',
} as const;
