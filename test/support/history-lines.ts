/** A history as short lines, in order: what was asked of the world, what it answered, what people sent. */
import type { temporal } from '@temporalio/proto';

type Events = NonNullable<temporal.api.history.v1.IHistory['events']>;

export function historyLines(events: Events): string[] {
  const names = new Map<string, string>();
  return events.flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled != null) {
      const name = scheduled.activityType?.name ?? '';
      names.set(String(event.eventId), name);
      return [`scheduled ${name}`];
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed != null) return [`completed ${names.get(String(completed.scheduledEventId)) ?? ''}`];
    const signaled = event.workflowExecutionSignaledEventAttributes;
    if (signaled != null) return [`signal ${signaled.signalName ?? ''}`];
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted != null) return [`update ${accepted.acceptedRequest?.input?.name ?? ''}`];
    return [];
  });
}
