/** Answers into one reading: what counts as a number, and every way of not being one. */
import { formatDuration } from '../../core/duration.js';
import type { InvalidReason, Reading } from '../../core/sample.js';
import { excerpt } from '../ask-http.js';
import type { Answer, Series } from './prometheus-answer.js';
import type { MetricsQuery } from './metrics-source.js';

export interface ReadingRules {
  /** Epoch milliseconds the queries were evaluated at. */
  readonly atMs: number;
  readonly staleAfterMs: number;
}

type One =
  { readonly kind: 'number'; readonly value: number; readonly raw: string } | Exclude<Reading, { kind: 'value' }>;

/** @param answerTo - the answer to one expression. */
export function readQuery(query: MetricsQuery, answerTo: (expression: string) => Answer, rules: ReadingRules): Reading {
  const value = readOne(answerTo(query.value), 'the value');
  const events = query.events === undefined ? null : readOne(answerTo(query.events), 'the event count');
  const newest = query.newest === undefined ? null : readOne(answerTo(query.newest), 'the newest sample time');
  const parts = [value, events, newest].filter((part) => part !== null);
  const blind = parts.find((part) => part.kind === 'unavailable') ?? tooOld(value, newest, rules);
  if (blind !== null) return blind;
  for (const part of parts) if (part.kind === 'invalid') return part;
  if (value.kind !== 'number') return value;
  if (events === null) return { kind: 'value', value: value.value, raw: value.raw };
  const count = events.kind === 'number' ? events.value : 0;
  if (count < 0) return invalid('negative-events', `the event count is ${count}`);
  return { kind: 'value', value: value.value, raw: value.raw, events: count };
}

/** A range function goes on answering for a whole window after its target is gone: only the raw samples' age tells. */
function tooOld(value: One, newest: One | null, { atMs, staleAfterMs }: ReadingRules): Reading | null {
  if (newest?.kind === 'no-data' && value.kind !== 'no-data') {
    return { kind: 'unavailable', reason: 'stale', detail: 'no series is being scraped now; is the target up?' };
  }
  if (newest?.kind !== 'number') return null;
  const ageMs = atMs - newest.value * 1_000;
  if (ageMs <= staleAfterMs) return null;
  const detail = `the newest sample is ${formatDuration(ageMs)} old, the limit is ${formatDuration(staleAfterMs)}`;
  return { kind: 'unavailable', reason: 'stale', detail };
}

function readOne(answer: Answer, what: string): One {
  if (answer.kind === 'unavailable') return { kind: 'unavailable', reason: answer.reason, detail: answer.detail };
  if (answer.kind === 'not-a-vector') {
    return invalid('wrong-type', `${what} is a ${answer.type} where a vector was expected`);
  }
  const [first, ...others] = answer.series;
  if (first === undefined) return { kind: 'no-data' };
  if (others.length > 0) return invalid('several-series', `${what} is ${countSeries(answer.series)}`);
  if (first.raw === null) return invalid('wrong-type', `${what} is a native histogram; use histogram_quantile on it`);
  return readNumber(first.raw, what);
}

function readNumber(raw: string, what: string): One {
  if (raw === 'NaN') return invalid('nan', `${what} is NaN`);
  if (/^[+-]?Inf$/.test(raw)) return invalid('infinite', `${what} is ${raw}`);
  const value = raw.trim() === '' ? Number.NaN : Number(raw);
  if (!Number.isFinite(value)) return invalid('wrong-type', `${what} is "${excerpt(raw, 40)}", not a number`);
  return { kind: 'number', value, raw };
}

function countSeries(series: readonly Series[]): string {
  const shown = series.slice(0, 2).map(({ labels }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${excerpt(value, 40)}"`);
    return `{${excerpt(pairs.join(', '), 120)}}`;
  });
  const rest = series.length > shown.length ? ', …' : '';
  return `${series.length} series (${shown.join(', ')}${rest}); aggregate them into one, with sum or max`;
}

const invalid = (reason: InvalidReason, detail: string): Extract<Reading, { kind: 'invalid' }> => ({
  kind: 'invalid',
  reason,
  detail,
});
