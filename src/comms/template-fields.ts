/** What people fill into a template: eight fields, each with its type and its advice when wrong. */
import { parseDuration } from '../core/duration.js';
import { formatInstant, iso } from '../core/instant.js';

export const fieldTypes = {
  IMPACT: 'text',
  WORKAROUND: 'text',
  ACTION: 'text',
  ETA: 'time-or-unknown',
  NEXT_UPDATE_TIME: 'time',
  ROOT_CAUSE: 'text',
  RESOLUTION: 'text',
  PREVENTION_STEPS: 'list',
} as const;

export type FieldName = keyof typeof fieldTypes;
export const fieldNames = Object.keys(fieldTypes) as readonly FieldName[];
export const isFieldName = (name: string): name is FieldName => Object.hasOwn(fieldTypes, name);

export const fieldMeanings: Readonly<Record<FieldName, string>> = {
  IMPACT: 'What readers notice, in their words.',
  WORKAROUND: 'What readers can do meanwhile.',
  ACTION: 'What is being done.',
  ETA: 'When it is expected to be over, in a heads-up to begin: an instant, a duration from now, or `unknown`.',
  NEXT_UPDATE_TIME: 'When readers hear more: an instant, or a duration from now.',
  ROOT_CAUSE: 'Why it happened, once that is known.',
  RESOLUTION: 'What ended it.',
  PREVENTION_STEPS: 'What is done so that it does not happen again, one step each.',
};

export type FieldInput = string | readonly string[];
export type FieldValue = string | readonly string[];

export type ReadField =
  /** `at`: the ISO instant of a time. */
  | { readonly ok: true; readonly value: FieldValue; readonly at: string | null }
  | { readonly ok: false; readonly problem: string };

/** Times become instants in UTC: a reader elsewhere, or tomorrow, must not have to count. */
export function readField(name: FieldName, input: FieldInput, nowMs: number): ReadField {
  const type = fieldTypes[name];
  const refuse = (wanted: string): ReadField => ({ ok: false, problem: `${name}: found ${shown(input)}; ${wanted}` });
  if (type === 'list') {
    const steps = (typeof input === 'string' ? input.split(';') : input).map(clean).filter((step) => step !== '');
    return steps.length > 0 ? { ok: true, value: steps, at: null } : refuse('write steps, with ";" between them');
  }
  const text = typeof input === 'string' ? clean(input) : '';
  if (type === 'text') return text === '' ? refuse('write a sentence') : { ok: true, value: text, at: null };
  if (type === 'time-or-unknown' && text === 'unknown') return { ok: true, value: 'not known yet', at: null };
  const atMs = instantOf(text, nowMs);
  const orUnknown = type === 'time-or-unknown' ? ', or unknown' : '';
  if (atMs === null)
    return refuse(`write an instant such as 2026-12-01T15:00:00Z, a duration from now such as 60m${orUnknown}`);
  if (atMs <= nowMs) return refuse('that is over; write a time to come');
  return { ok: true, value: formatInstant(atMs), at: iso(atMs) };
}

/** Without a zone it would be another instant on another machine. */
function instantOf(text: string, nowMs: number): number | null {
  const duration = parseDuration(text);
  // Nobody reads seconds in a promise.
  if (duration !== null) return Math.ceil((nowMs + duration) / 60_000) * 60_000;
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const atMs = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(atMs) ? null : atMs;
}

const shown = (input: FieldInput): string => (typeof input === 'string' ? `"${input.slice(0, 60)}"` : 'a list');

/** One line, without what could move a cursor or fake a second message. */
const clean = (text: string): string => text.replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
