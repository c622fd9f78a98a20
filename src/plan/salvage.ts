/** What is right in a value that is not: so that rules can speak of the rest, and a person learns of every problem at once. */
import type { z } from 'zod';

/** More rounds than a part of a plan has levels: each round drops what the last one found. */
const most = 8;

/** The value without its wrong optional members and unknown keys; null when that is not enough. */
export function salvage<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | null {
  const rest: unknown = structuredClone(value);
  for (let round = 0; round < most; round += 1) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
    const dropped = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => drop(rest, [...issue.path, key])).some(Boolean)
        : drop(rest, issue.path),
    );
    if (!dropped.some(Boolean)) return null;
  }
  return null;
}

/** True when there was something to drop. Items of a list stay: without them the others would move. */
function drop(from: unknown, path: readonly PropertyKey[]): boolean {
  const last = path.at(-1);
  let parent: unknown = from;
  for (const part of path.slice(0, -1)) parent = isMapping(parent) ? parent[part] : undefined;
  if (last === undefined || !isMapping(parent) || Array.isArray(parent) || !Object.hasOwn(parent, last)) return false;
  return delete parent[last];
}

const isMapping = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;
