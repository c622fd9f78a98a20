/** Tells a rollout as it happens, from its audit: what is not in there is not told. */
import type { AuditEntry } from '../core/audit.js';
import type { Receipt } from '../core/flag-record.js';
import type { RolloutResult } from '../core/rollout-shapes.js';
import type { RolloutRef } from '../find-rollout.js';
import { auditLine, type AuditLine } from './audit-line.js';
import { pause, type Scene } from './scene.js';
import type { StoryLine } from './story.js';
import { readObeyed } from './target-client.js';

/** What somebody does about an entry, beside the telling; null: nothing. Its failure is the following's failure. */
export type Reaction = (entry: AuditEntry) => Promise<void> | null;

const everyMs = 150;
/** A stuck demo says so instead of hanging: both acts together take less than this. */
const limitMs = 180_000;

export async function followRollout(scene: Scene, rollout: RolloutRef, react: Reaction): Promise<RolloutResult> {
  const endsAt = performance.now() + limitMs;
  const reactions: Promise<void>[] = [];
  const failures: unknown[] = [];
  const onEntry = (entry: AuditEntry): void => {
    const reaction = react(entry);
    if (reaction !== null) reactions.push(reaction.catch((error: unknown) => void failures.push(error)));
  };
  const tell = openTelling(scene, onEntry);
  for (;;) {
    const audit = await scene.client.audit(rollout);
    await tell(audit);
    if (failures.length > 0) throw failures[0];
    if (audit.at(-1)?.kind === 'closed') break;
    if (performance.now() > endsAt) {
      const { next } = await scene.client.status(rollout);
      throw new Error(`The rollout does not end; it says: ${next.sentence}`);
    }
    await pause(scene, everyMs);
  }
  await Promise.all(reactions);
  if (failures.length > 0) throw failures[0];
  return scene.client.result(rollout, { signal: scene.signal });
}

/** Takes the audit as it is and tells what is new in it. */
function openTelling(scene: Scene, onEntry: (entry: AuditEntry) => void) {
  let told = 0;
  let percent = 0;
  return async (audit: readonly AuditEntry[]): Promise<void> => {
    for (const entry of audit.slice(told)) {
      told += 1;
      const moved = movedTo(entry);
      percent = moved?.percent ?? percent;
      const line = auditLine(entry, moved === null ? null : await obeyedAfterMs(scene, moved));
      if (line !== null) tellLine(scene, line, { at: entry.at, percent });
      onEntry(entry);
    }
  };
}

function tellLine(
  { story, isBrief }: Scene,
  { tone, text, details }: AuditLine,
  when: Pick<StoryLine, 'at' | 'percent'>,
): void {
  if (isBrief && tone === 'detail') return;
  story.tell({ ...when, tone, text });
  if (isBrief && tone === 'good') return;
  for (const detail of details) story.add(detail);
}

function movedTo({ kind, data }: AuditEntry): Receipt | null {
  if (kind !== 'flip' && kind !== 'rollback') return null;
  return (data['receipt'] as Receipt | undefined) ?? null;
}

/** The service's own word, not ours; null when it has not said so yet. It may see the new file before that counts as durable. */
async function obeyedAfterMs({ machine }: Scene, { percent, writtenAt }: Receipt): Promise<number | null> {
  const changes = await readObeyed(machine.ready.target);
  const last = changes.at(-1);
  if (last?.percent !== percent) return null;
  return Math.max(1, Date.parse(last.at) - Date.parse(writtenAt));
}
