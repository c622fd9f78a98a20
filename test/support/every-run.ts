/** A rollout whose history grew long goes on in a new run: all of its runs together. */
import type { WorkflowClient } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;

/** Oldest first. */
export async function historiesOf(client: WorkflowClient, workflowId: string): Promise<History[]> {
  const histories: History[] = [];
  let runId: string | undefined;
  do {
    const history = await client.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    runId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  } while (runId !== undefined);
  return histories;
}

export const eventsOf = (histories: readonly History[]) => histories.flatMap(({ events }) => events ?? []);
