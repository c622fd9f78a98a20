/** How the rollout that owns a flag stands, asked of the Temporal server alone: no worker is needed. */
import type { Client } from '@temporalio/client';
import type { OwnerParts } from './core/names.js';
import type { OwnerStanding } from './core/orphan.js';
import type { RolloutResult } from './core/rollout-shapes.js';
import { rolloutType, toSummary, type RolloutSummary } from './find-rollout.js';
import { grpcCode, grpcCodeOf } from './temporal-reach.js';

/** Of one question to the server. */
const limitMs = 1_500;

/** Null: the server knows no such rollout. Throws when the server cannot tell. */
export async function ownerStanding(client: Client, owner: OwnerParts): Promise<OwnerStanding | null> {
  const newest = await describe(client, owner.workflowId);
  if (newest === null) return null;
  // A short run of another kind under a rollout's id takes the flag back.
  if (newest.open && newest.type !== rolloutType) return { kind: 'open' };
  const own = newest.runId === owner.runId ? newest : await lastRunOf(client, owner);
  if (own === null) return null;
  if (own.open) return { kind: 'open' };
  const { closedAt } = own;
  if (own.status !== 'COMPLETED') return { kind: 'closed', how: own.state, percent: null, at: closedAt };
  const result = await resultOf(client, own);
  return {
    kind: 'closed',
    how: result?.outcome ?? 'completed without a result',
    percent: result?.percent ?? null,
    at: closedAt,
  };
}

interface Described extends RolloutSummary {
  readonly type: string;
  readonly status: string;
  /** Of this run. */
  readonly ownRunId: string;
}

async function describe(client: Client, workflowId: string, runId?: string): Promise<Described | null> {
  try {
    const info = await client.withDeadline(Date.now() + limitMs, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
    return { ...toSummary(info), type: info.type, status: info.status.name, ownRunId: info.runId };
  } catch (error) {
    // A run id that is none was typed in by somebody.
    if ((error as Error).name === 'WorkflowNotFoundError' || grpcCodeOf(error) === grpcCode.invalidArgument)
      return null;
    throw error;
  }
}

/** A rollout may continue as new many times; its owner's name keeps the first run. */
async function lastRunOf(client: Client, { workflowId, runId }: OwnerParts): Promise<Described | null> {
  for (let at: string | null = runId; at !== null;) {
    const run: Described | null = await describe(client, workflowId, at);
    if (run === null || run.status !== 'CONTINUED_AS_NEW') return run;
    at = await successorOf(client, { workflowId, runId: at });
  }
  return null;
}

async function successorOf(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<string | null> {
  const { history } = await client.withDeadline(Date.now() + limitMs, () =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    }),
  );
  return history?.events?.[0]?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || null;
}

async function resultOf(client: Client, { rollout, ownRunId }: Described): Promise<Partial<RolloutResult> | null> {
  const result: unknown = await client.withDeadline(Date.now() + limitMs, () =>
    client.workflow.getHandle(rollout, ownRunId).result(),
  );
  return typeof result === 'object' ? result : null;
}
