/** JSON pointers (RFC 6901): reading what one names, and putting a value there. */
import { isList, type Json } from './smoke/placeholders.js';

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Undefined when there is nothing. */
export function pointAt(json: Json, pointer: string): Json | undefined {
  let here: Json | undefined = json;
  for (const key of partsOf(pointer)) {
    if (here === null || typeof here !== 'object') return undefined;
    // A list has own keys "0", "1", … and "length", which is no item.
    here =
      Object.hasOwn(here, key) && !(isList(here) && key === 'length') ? (here as Record<string, Json>)[key] : undefined;
    if (here === undefined) return undefined;
  }
  return here;
}

/** A copy with the value there. What stands in the way and has no members becomes a mapping. */
export function putAt(json: Json, pointer: string, value: Json): Json {
  return putParts(json, partsOf(pointer), value);
}

function putParts(json: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  if (json !== null && typeof json === 'object' && isList(json) && Number(key) < json.length)
    return json.map((item, index) => (String(index) === key ? putParts(item, rest, value) : item));
  const members = json !== null && typeof json === 'object' && !isList(json) ? json : {};
  const child = Object.hasOwn(members, key) ? (members[key] ?? null) : null;
  // Not by assignment: a member may be called `__proto__`.
  return Object.fromEntries([...Object.entries(members), [key, putParts(child, rest, value)]]);
}

export const isPointer = (text: string): boolean => /^(\/([^~/]|~[01])*)+$/.test(text);
