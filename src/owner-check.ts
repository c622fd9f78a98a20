/** Whether the rollout that owns a flag still runs: asked before another one may claim the flag. */
import type { Client } from '@temporalio/client';
import { ownerOf } from './core/names.js';

const limitMs = 1_500;

/** Throws when the server cannot tell: then nobody claims anything. */
export const createOwnerCheck =
  (client: Client) =>
  async (owner: string): Promise<boolean> => {
    const workflowId = owner.slice(0, owner.lastIndexOf('@'));
    try {
      const { status, raw, runId } = await client.withDeadline(Date.now() + limitMs, () =>
        client.workflow.getHandle(workflowId).describe(),
      );
      const first = raw.workflowExecutionInfo?.firstRunId ?? runId;
      return status.name === 'RUNNING' && ownerOf(workflowId, first) === owner;
    } catch (error) {
      if ((error as Error).name === 'WorkflowNotFoundError') return false;
      throw error;
    }
  };
