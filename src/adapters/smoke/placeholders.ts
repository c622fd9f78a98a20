/** What a suite's texts may leave open: this run's id and what earlier steps saved. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** By full name: `run.id`, `saved.reportId`. */
export type Values = ReadonlyMap<string, Json>;

const pattern = /\$\{(run\.id|saved\.[A-Za-z][A-Za-z0-9]*)\}/g;

export function isKnownPlaceholder(name: string, secrets: boolean): boolean {
  return `\${${name}}`.replace(pattern, '') === '' || (secrets && /^[A-Z][A-Z0-9_]*$/.test(name));
}

/** Every placeholder in a text or, at any depth, in a JSON value. */
export function placeholdersIn(json: Json): string[] {
  return [...JSON.stringify(json).matchAll(pattern)].map((match) => match[1] ?? '');
}

/** @param encode - what keeps a value inside its place, such as `encodeURIComponent` in a path. */
export function fillText(text: string, values: Values, encode: (text: string) => string = (same) => same): string {
  return text.replace(pattern, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined ? whole : encode(typeof value === 'string' ? value : JSON.stringify(value));
  });
}

/** A text that is one placeholder and nothing else becomes the value itself: a saved number stays a number. */
export function fillJson(json: Json, values: Values): Json {
  if (typeof json === 'string') {
    const [match, another] = json.matchAll(pattern);
    const only = match?.[0] === json && another === undefined ? values.get(match[1] ?? '') : undefined;
    return only === undefined ? fillText(json, values) : only;
  }
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map((item) => fillJson(item, values));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fillJson(value, values)]));
}

/** `Array.isArray` does not know readonly lists. */
export const isList = (json: Json): json is readonly Json[] => Array.isArray(json);
