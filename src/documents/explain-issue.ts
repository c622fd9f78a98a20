/** The validator's findings in the words of the person who wrote the file: what was found, what is allowed. */
import type { z } from 'zod';
import { didYouMean } from './nearest-word.js';

/** What `schema.safeParse(value, { error: explainIssue })` calls for each finding without words of its own. */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; give ${wanted(issue.expected)}`
        : `found ${show(issue.input)}; give ${wanted(issue.expected)}`;
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing; ${allowed(issue.values)}`
        : `found ${show(issue.input)}; ${allowed(issue.values)}${meant(issue.input, issue.values)}`;
    case 'invalid_union':
      return explainUnion(issue);
    case 'too_small':
      return `found ${show(issue.input)}; give ${sized(issue.origin, issue.inclusive === false ? 'above' : 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `found ${show(issue.input)}; give ${sized(issue.origin, issue.inclusive === false ? 'below' : 'at most', Number(issue.maximum))}`;
    case 'invalid_format':
      return `found ${show(issue.input)}; give a text of the form ${String(issue.pattern ?? issue.format)}`;
    case 'not_multiple_of':
      return `found ${show(issue.input)}; give a multiple of ${issue.divisor}`;
    case 'invalid_key':
      return `found the key ${show(issue.input)}; ${issue.issues[0]?.message ?? 'it has the wrong form'}`;
    case 'custom':
    case 'invalid_element':
    case 'unrecognized_keys':
      return undefined;
  }
}

/** Of an object that refused keys: what it knows. */
export function knownKeys(schema: unknown): readonly string[] {
  const def = (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def;
  return Object.keys(def?.shape ?? {});
}

function explainUnion(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
  if (issue.discriminator === undefined) return undefined;
  const options = (issue as { options?: readonly unknown[] }).options ?? [];
  const input = (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator];
  const known = options.map(String);
  const which = known.length === 0 ? '' : `; allowed: ${known.join(', ')}`;
  return input === undefined
    ? `needs "${issue.discriminator}"${which}`
    : `found ${issue.discriminator}: ${show(input)}${which}.${typeof input === 'string' ? didYouMean(input, known) : ''}`;
}

/** Of one allowed value there is nothing to guess. */
const meant = (input: unknown, values: readonly unknown[]): string =>
  typeof input === 'string' && values.length > 1 ? `.${didYouMean(input, values.map(String))}`.replace(/\.$/, '') : '';

const allowed = (values: readonly unknown[]): string =>
  values.length === 1 ? `give ${show(values[0])}` : `allowed: ${values.map(String).join(', ')}`;

function wanted(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'a mapping of keys to values',
    record: 'a mapping of keys to values',
    array: 'a list',
    nan: 'a number',
  };
  return words[expected] ?? expected;
}

function sized(origin: string, bound: string, size: number): string {
  if (origin === 'array') return `${bound} ${size} ${size === 1 ? 'item' : 'items'}`;
  if (origin === 'string') return `${bound} ${size} ${size === 1 ? 'character' : 'characters'}`;
  return `a number ${bound.startsWith('at') ? `of ${bound}` : bound} ${size}`;
}

/** A found value, short enough for a line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
