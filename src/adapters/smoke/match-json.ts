/** Partial comparison of an answer with what a suite expects, and JSON pointers into it. */
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

/** RFC 6901. Undefined when there is nothing. */
export function pointAt(json: Json, pointer: string): Json | undefined {
  let here: Json | undefined = json;
  for (const part of pointer.split('/').slice(1)) {
    if (here === null || typeof here !== 'object') return undefined;
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    // A list has own keys "0", "1", … and "length", which is no item.
    here =
      Object.hasOwn(here, key) && !(isList(here) && key === 'length') ? (here as Record<string, Json>)[key] : undefined;
    if (here === undefined) return undefined;
  }
  return here;
}

const first = (differences: readonly (string | null)[]): string | null =>
  differences.find((one) => one !== null) ?? null;
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const show = (json: Json | undefined): string => (json === undefined ? 'nothing' : excerpt(JSON.stringify(json), 80));
