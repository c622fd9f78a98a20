/** The audit as a file: one entry a line, each with one spelling only, so that no edit can hide behind another. */
import type { AuditEntry } from './audit.js';
import { canonicalJson } from './canonical-json.js';

export const renderEntry = ({ seq, at, kind, data, previous, hash }: AuditEntry): string =>
  `{"seq":${seq},"at":${JSON.stringify(at)},"kind":${JSON.stringify(kind)},"data":${canonicalJson(data)},"previous":${JSON.stringify(previous)},"hash":${JSON.stringify(hash)}}`;

export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries.map((entry) => `${renderEntry(entry)}\n`).join('');

/** What a reader hands over in place of a line or a file whose bytes are no UTF-8. JSON never contains it raw. */
export const notUtf8 = '\u0000';

export type ParsedEntry =
  { readonly ok: true; readonly entry: AuditEntry } | { readonly ok: false; readonly problem: string };

const refused = (problem: string): ParsedEntry => ({ ok: false, problem });

/** A line without its line break. The kind is not looked at: see `memberProblem`. */
export function parseEntry(line: string): ParsedEntry {
  if (line === '') return refused('is an empty line');
  if (line === notUtf8) return refused('is not UTF-8 text');
  if (line.startsWith('\ufeff')) return refused('begins with a byte order mark, which Holdpoint does not write');
  if (line.endsWith('\r')) return refused('ends with a carriage return: the line breaks of the file were converted');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refused('is not JSON');
  }
  if (!isEntry(value)) return refused('does not have the six members of an entry');
  return isSpelledRight(value, line)
    ? { ok: true, entry: value }
    : refused('is not spelled as Holdpoint writes it: a member twice, in another order, or spaced');
}

/** Every line up to the first that is no entry, and what is wrong with that one. */
export function parseAudit(text: string): { readonly entries: AuditEntry[]; readonly problem: string | null } {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const entries: AuditEntry[] = [];
  for (const line of lines) {
    const parsed = parseEntry(line);
    if (!parsed.ok) return { entries, problem: parsed.problem };
    entries.push(parsed.entry);
  }
  if (rest === '') return { entries, problem: null };
  const last = parseEntry(rest);
  return {
    entries,
    problem: last.ok ? 'has no line break behind it: the file was cut off' : `${last.problem}, or cut off`,
  };
}

/** Text that nests deeper than the stack has no spelling of ours either. */
function isSpelledRight(entry: AuditEntry, line: string): boolean {
  try {
    return renderEntry(entry) === line;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isEntry(value: unknown): value is AuditEntry {
  if (!isMembers(value) || Object.keys(value).length !== 6) return false;
  const { seq, at, kind, data, previous, hash } = value;
  return (
    Number.isSafeInteger(seq) &&
    [at, kind, previous, hash].every((member) => typeof member === 'string') &&
    isMembers(data)
  );
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
