/** One spelling for one value: keys sorted by code unit, no spaces, `undefined` members left out. What digests are made over. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** @throws RangeError for what JSON cannot carry (NaN, Infinity, functions): a digest over it would say nothing. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`canonical JSON cannot carry ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new RangeError(`canonical JSON cannot carry a ${typeof value}`);
}
