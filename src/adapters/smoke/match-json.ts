/** Partial comparison of an answer with what a suite expects. */
import { excerpt } from '../ask-http.js';
import { isList, type Json } from './placeholders.js';

/**
 * Null when it matches, else where and how it differs. Objects may have more keys than expected; lists must have the
 * same length; everything else must be equal.
 */
export function findDifference(expected: Json, got: Json | undefined, at = ''): string | null {
  const differs = `expected ${at === '' ? 'the body' : at} to be ${show(expected)}, got ${show(got)}`;
  if (expected === null || typeof expected !== 'object') return expected === got ? null : differs;
  if (isList(expected)) {
    if (got === undefined || got === null || !isList(got)) return differs;
    if (got.length !== expected.length) return `${differs} (${got.length} items instead of ${expected.length})`;
    return first(expected.map((item, index) => findDifference(item, got[index], `${at}/${index}`)));
  }
  if (got === undefined || got === null || typeof got !== 'object' || isList(got)) return differs;
  return first(
    Object.entries(expected).map(([key, value]) =>
      findDifference(value, Object.hasOwn(got, key) ? got[key] : undefined, `${at}/${escape(key)}`),
    ),
  );
}

const first = (differences: readonly (string | null)[]): string | null =>
  differences.find((one) => one !== null) ?? null;
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const show = (json: Json | undefined): string => (json === undefined ? 'nothing' : excerpt(JSON.stringify(json), 80));
