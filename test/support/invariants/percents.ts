/** I1, I2 and I4: what may be written, in which order, how often. */
import type { AuditEntry } from '../../../src/core/audit.js';
import type { Receipt } from '../../../src/core/flag-record.js';
import { ownWrites, type Invariant, type Story } from './story.js';

export const receiptIn = ({ data }: AuditEntry): Receipt | undefined => data['receipt'] as Receipt | undefined;

/** I1: up only to the plan's next percent, down only to one already reached or to 0. */
export const percentMovesAlongThePlan: Invariant = (story) => {
  const percents = story.plan.stages.map(({ percent }) => percent);
  const wrong: string[] = [];
  const raised: string[] = [];
  const unlogged = story.logMayMiss === true ? recordedFlips(story) : new Set<number>();
  let reached = -1;
  for (const { action, before, percent } of ownWrites(story)) {
    while (percents.indexOf(percent ?? -1) > reached + 1 && unlogged.has(percents[reached + 1] ?? -1)) reached += 1;
    if (action !== 'flip') {
      if (percent !== 0) wrong.push(`a ${action} wrote ${percent} %`);
    } else if (percent === 0) {
      // Back down to where preflight or a rollback left it, after somebody's edit.
      if (before === 0) wrong.push('a flip wrote 0 % over 0 %');
    } else if (percent === percents[reached + 1]) reached += 1;
    else if (percent !== percents[reached]) wrong.push(`a flip wrote ${percent} % after stage ${reached + 1}`);
    else if (before !== null && before < percent) raised.push(`a flip raised a drifted ${before} % to ${percent} %`);
  }
  // Only a person who resumes has a lowered flag written back up, each time once.
  const resumed = story.audit.filter(({ kind, data }) => kind === 'message' && data['message'] === 'resume').length;
  return [...wrong, ...raised.slice(resumed)];
};

/** A line that the log misses is in the audit. */
const recordedFlips = ({ audit }: Story): ReadonlySet<number> =>
  new Set(audit.flatMap((entry) => (isFlip(entry) ? [receiptIn(entry)?.percent ?? -1] : [])));

/** I2: once a rollback is accepted nothing is flipped, and once it is written nothing of this run is above 0. */
export const nothingRisesAfterARollback: Invariant = (story) => {
  const own = ownWrites(story);
  const written = own.findIndex(({ action }) => action === 'rollback');
  const later = written === -1 ? [] : own.slice(written).filter(({ percent }) => percent !== 0);
  // A flip that landed before is told in the same moment as the message, sometimes after it.
  const proven = story.audit.findIndex(({ kind }) => kind === 'rollback');
  const recorded = proven === -1 ? [] : story.audit.slice(proven).filter(isFlip);
  return [
    ...later.map(({ percent }) => `${percent} % was written after the rollback`),
    ...recorded.map(({ seq }) => `entry ${seq} is a flip after the rollback`),
    ...flipsAfterTheMessage(story).map((id) => `event ${id} schedules a flip after the rollback had arrived`),
    ...fencesThatFall(story),
  ];
};

const isFlip = (entry: AuditEntry): boolean => entry.kind === 'flip' && receiptIn(entry) !== undefined;

function flipsAfterTheMessage({ events }: Story): string[] {
  const arrived = events.findIndex(
    (event) =>
      event.workflowExecutionSignaledEventAttributes?.signalName === 'rollback' ||
      event.workflowExecutionCancelRequestedEventAttributes != null ||
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name === 'requestRollback',
  );
  if (arrived === -1) return [];
  return events
    .slice(arrived)
    .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'flipFlag')
    .map(({ eventId }) => String(eventId));
}

function fencesThatFall({ writes }: Story): string[] {
  return writes.flatMap(({ fence }, index) => {
    const before = writes[index - 1]?.fence ?? 0;
    return fence < before ? [`fence ${fence} was written after fence ${before}`] : [];
  });
}

/** I4: one claim, each flip once, one rollback, in the store and in the audit. */
export const eachTransitionHappensOnce: Invariant = (story) => {
  const own = ownWrites(story);
  const again = own.filter(({ action, before, percent }) => action === 'flip' && before === percent);
  const counted = (action: string) => own.filter((write) => write.action === action).length;
  return [
    ...again.map(({ percent }) => `${percent} % was written when the flag was at ${percent} % already`),
    ...(story.withoutFence === true ? ['claim'] : ['claim', 'rollback'])
      .filter((action) => counted(action) > 1)
      .map((action) => `${counted(action)} × ${action}`),
    ...recordedTwice(story.audit),
  ];
};

/** A percent may be recorded again only after a drift from it. */
function recordedTwice(audit: readonly AuditEntry[]): string[] {
  const seen = new Set<string>();
  return audit.flatMap((entry) => {
    if (entry.kind === 'drift') seen.clear();
    const receipt = receiptIn(entry);
    if (receipt === undefined) return [];
    const name = `${entry.kind} to ${receipt.percent} %`;
    if (seen.has(name)) return [`entry ${entry.seq} records the ${name} again`];
    seen.add(name);
    return [];
  });
}
