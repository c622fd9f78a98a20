/** Ways to change a pack, from a clumsy editor to somebody who knows how the chain is made. */
import { auditHead, auditRoot, type AuditEntry } from '../../src/core/audit.js';
import { renderAudit } from '../../src/core/audit-text.js';
import { digestOf } from '../../src/core/digest.js';
import type { Texts } from './archived-pack.js';

export type Lines = readonly string[];

export const entriesOf = (texts: Texts): AuditEntry[] => linesOf(texts).map((line) => JSON.parse(line) as AuditEntry);

export const linesOf = (texts: Texts): Lines => (texts.get('audit.jsonl') ?? '').split('\n').slice(0, -1);

export const withFile = (texts: Texts, path: string, text: string): Texts => new Map([...texts, [path, text]]);

export const withoutFile = (texts: Texts, path: string): Texts =>
  new Map([...texts].filter(([other]) => other !== path));

export const withLines = (texts: Texts, lines: Lines): Texts =>
  withFile(texts, 'audit.jsonl', lines.map((line) => `${line}\n`).join(''));

/** The chain made anew over changed entries: what somebody can do who can write the whole file. */
export function rechained(entries: readonly AuditEntry[]): AuditEntry[] {
  const made: AuditEntry[] = [];
  for (const { hash: _, ...entry } of entries) {
    const body = { ...entry, seq: made.length + 1, previous: made.length === 0 ? auditRoot : auditHead(made) };
    made.push({ ...body, hash: digestOf(body) });
  }
  return made;
}

export const withEntries = (texts: Texts, entries: readonly AuditEntry[]): Texts =>
  withFile(texts, 'audit.jsonl', renderAudit(rechained(entries)));
