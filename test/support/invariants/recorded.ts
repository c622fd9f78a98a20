/** I5: every transition is in the audit, the audit's chain is whole, and the result names its head. */
import { firstBadEntry } from '../../../src/core/audit.js';
import { receiptIn } from './percents.js';
import { ownWrites, type Invariant, type RecordedWrite, type Story } from './story.js';

export const everyTransitionIsRecorded: Invariant = (story) => [
  ...brokenChain(story),
  ...unrecordedWrites(story),
  ...(story.logMayMiss === true ? [] : unwrittenEntries(story)),
];

function brokenChain({ audit, result }: Story): string[] {
  const bad = firstBadEntry(audit);
  if (bad !== null) return [`entry ${bad.seq} ${bad.problem}`];
  // The archive compares what it has: a replay that made an entry anew, and not the same, shows there first.
  const forked = audit.find(
    ({ kind, data }) => kind === 'trouble' && /not this rollout's/.test(String(data['detail'])),
  );
  if (forked !== undefined) return [`entry ${forked.seq}: ${String(forked.data['detail'])}`];
  if (result === null) return [];
  // What could not be exported after the close is still recorded behind it.
  const closed = audit.findLast(({ kind }) => kind === 'closed');
  return closed?.hash === result.auditHead ? [] : ["the result's head is not the hash of the entry that closes"];
}

const nameOf = (kind: string, { percent, fence }: { percent: number | null; fence: number }): string =>
  `${kind} to ${percent} % at fence ${fence}`;

/** A write whose answer a rollback overtook is in the audit as that rollback. */
function unrecordedWrites(story: Story): string[] {
  const own = ownWrites(story);
  const recorded = new Set(
    story.audit.flatMap((entry) => {
      const receipt = receiptIn(entry);
      return receipt === undefined ? [] : [nameOf(entry.kind, receipt)];
    }),
  );
  const overtaken = (write: RecordedWrite, index: number): boolean =>
    (write.action !== 'rollback' || story.withoutFence === true) && own[index + 1]?.action === 'rollback';
  return own
    .filter((write, index) => !recorded.has(nameOf(write.action, write)) && !overtaken(write, index))
    .map((write) => `the ${nameOf(write.action, write)} is not in the audit`);
}

function unwrittenEntries(story: Story): string[] {
  // Somebody's break-glass is recorded with its own receipt when it is adopted.
  const others = story.writes.filter(({ action }) => action === 'rollback');
  const written = new Set([...ownWrites(story), ...others].map((write) => nameOf(write.action, write)));
  return story.audit.flatMap((entry) => {
    const receipt = receiptIn(entry);
    if (receipt === undefined || written.has(nameOf(entry.kind, receipt))) return [];
    return [`entry ${entry.seq} records a ${nameOf(entry.kind, receipt)} that was never written`];
  });
}
