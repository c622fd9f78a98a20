/** Whether the pack ends where the rollout did: the chain alone cannot tell a cut end from a shorter story. */
import type { AuditEntry } from './audit.js';
import { packFiles } from './pack-files.js';
import type { Anchor, PackFinding } from './pack.js';
import type { BadEntry } from './read-audit.js';

interface HeadCheck {
  readonly anchored: boolean;
  readonly findings: readonly PackFinding[];
  readonly notes: readonly string[];
}

export function checkHead(entries: readonly AuditEntry[], bad: BadEntry | null, anchor: Anchor): HeadCheck {
  if (bad !== null || entries.length === 0) return { anchored: false, findings: [], notes: [] };
  if (anchor.kind === 'none') return { anchored: false, findings: [], notes: [unanchoredNote(entries)] };
  const last = entries.length - 1;
  const closed = entries.findLastIndex(({ kind }) => kind === 'closed');
  const at = entries.findLastIndex(({ hash }) => hash === anchor.head);
  if (at === last) return { anchored: true, findings: [], notes: [] };
  if (at !== -1 && at === closed) return { anchored: true, findings: [], notes: [afterHeadNote(at + 2, last + 1)] };
  return { anchored: false, findings: [at === -1 ? elsewhere(entries, anchor) : goesOn(at + 1, last + 1)], notes: [] };
}

const openNote =
  'The pack ends without "closed": the rollout was open when it was written, or the end is cut off, or this is an older copy. Nothing in a pack can tell these apart.';
const closedNote =
  'The pack ends with its close. But whoever can write all of it can also write it anew, from the first entry on.';

const unanchoredNote = (entries: readonly AuditEntry[]): string =>
  `${entries.some(({ kind }) => kind === 'closed') ? closedNote : openNote} A head from outside shows that: --head, with the auditHead of the rollout's result or of "start --wait --json", or --online, which asks Temporal.`;

const afterHeadNote = (from: number, to: number): string =>
  `${from === to ? `Entry ${from} came` : `Entries ${from} to ${to} came`} after the head, when the rollout had closed. Nothing vouches for ${from === to ? 'it' : 'them'}.`;

const goesOn = (at: number, last: number): PackFinding => ({
  file: packFiles.audit,
  seq: at + 1,
  problem: `comes after the head that was given, which is that of entry ${at}; the pack goes on to entry ${last}.`,
  advice: `Entries 1 to ${at} are as they were. If the head is from before the end, take the one of the end; else somebody added entries.`,
});

function elsewhere(entries: readonly AuditEntry[], { head, from }: Extract<Anchor, { kind: 'head' }>): PackFinding {
  const last = entries.at(-1);
  return {
    file: packFiles.audit,
    seq: entries.length,
    problem: `is the last one and has the head ${last?.hash}, but the head ${from} is ${head}.`,
    advice:
      'The pack is cut off at its end, an older copy, the pack of another rollout, or written anew. Look for the copy with that head.',
  };
}
