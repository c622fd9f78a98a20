/** Does a workflow stand still although workers run? Then its last task failed, again and again, and history says why. */
import type { Client } from '@temporalio/client';

/** A task that failed is tried again without a further event, so it stands near the end; messages may follow it. */
const lastEvents = 50;

/** The failure of the task that is being tried again; null: the newest one went well, or the server does not say. */
export async function failingTask(client: Client, namespace: string, workflowId: string): Promise<string | null> {
  try {
    const { history } = await client.withDeadline(Date.now() + 2_000, () =>
      client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace,
        execution: { workflowId },
        maximumPageSize: lastEvents,
      }),
    );
    // Newest first.
    const task = history?.events?.find(
      ({ workflowTaskCompletedEventAttributes: completed, workflowTaskFailedEventAttributes: failed }) =>
        completed != null || failed != null,
    );
    return task?.workflowTaskFailedEventAttributes?.failure?.message ?? null;
  } catch {
    return null;
  }
}
