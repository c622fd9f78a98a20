/** An audit file, read by somebody who trusts nobody: its entries up to the first bad one, and what is wrong with that. */
import { auditHead, linkProblem, type AuditEntry } from './audit.js';
import { memberProblem } from './audit-members.js';
import { freshOrder, orderAfter, orderProblem } from './audit-order.js';
import { parseAudit } from './audit-text.js';

export interface BadEntry {
  readonly seq: number;
  readonly problem: string;
}

export interface ReadAudit {
  /** Those before the first bad one. */
  readonly entries: readonly AuditEntry[];
  readonly bad: BadEntry | null;
}

export function readAudit(text: string): ReadAudit {
  const parsed = parseAudit(text);
  const good = goodEntries(parsed.entries);
  if (good.bad !== null || parsed.problem === null) return good;
  return { ...good, bad: { seq: good.entries.length + 1, problem: parsed.problem } };
}

/** Entries as a chain, with the members of their kinds, in an order in which things can have happened. */
export function goodEntries(entries: readonly AuditEntry[]): ReadAudit {
  const good: AuditEntry[] = [];
  let order = freshOrder;
  for (const entry of entries) {
    const seq = good.length + 1;
    const problem = linkProblem(entry, seq, auditHead(good)) ?? memberProblem(entry) ?? orderProblem(entry, order);
    if (problem !== null) return { entries: good, bad: { seq, problem } };
    good.push(entry);
    order = orderAfter(order, entry);
  }
  return { entries: good, bad: null };
}
