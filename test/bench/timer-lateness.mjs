/** How late what a timer was for began, from a workflow's history: the server's own clock on both ends. */

/**
 * Due is what the workflow aimed at: the time of its task that set the timer, and the timer's length.
 *
 * @returns {{ dueMs: number, lateMs: number }[]} one for each activity of that type that came from a timer
 */
export function latenessIn(events, activityType) {
  const byId = new Map(events.map((event) => [Number(event.eventId), event]));
  const started = new Map();
  for (const event of events) {
    const { activityTaskStartedEventAttributes: attributes } = event;
    if (attributes != null) started.set(Number(attributes.scheduledEventId), timeOf(event));
  }
  let dueMs = null;
  const found = [];
  for (const event of events) {
    if (event.timerFiredEventAttributes != null) dueMs = dueOf(event, byId);
    const { activityTaskScheduledEventAttributes: scheduled } = event;
    if (scheduled?.activityType?.name !== activityType || dueMs === null) continue;
    const startedMs = started.get(Number(event.eventId));
    if (startedMs !== undefined) found.push({ dueMs, lateMs: Math.max(0, startedMs - dueMs) });
    dueMs = null;
  }
  return found;
}

function dueOf({ timerFiredEventAttributes: fired }, byId) {
  const { timerStartedEventAttributes: timer } = byId.get(Number(fired.startedEventId));
  const completed = byId.get(Number(timer.workflowTaskCompletedEventId)).workflowTaskCompletedEventAttributes;
  const { seconds, nanos } = timer.startToFireTimeout;
  return timeOf(byId.get(Number(completed.startedEventId))) + Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6;
}

const timeOf = ({ eventTime: { seconds, nanos } }) => Number(seconds) * 1_000 + (nanos ?? 0) / 1e6;
