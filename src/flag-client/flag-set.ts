/** A flagd document's text as rules by key. */
import { readFlag, type FlagRule } from './flag-rule.js';
import { failure } from './flag-values.js';
import { isMembers, type Members } from './members.js';

export interface HeldFlag {
  readonly rule: FlagRule;
  /** Grows with each write by Holdpoint; not a number for a flag that it does not write. */
  readonly revision: number;
}

export type FlagSet = ReadonlyMap<string, HeldFlag>;

/** In characters: some five thousand flags as the file store writes them. */
export const longestText = 4 * 2 ** 20;

/** With the colon behind it, it is a key. */
const quoted = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/gs;

/** One flag that cannot be read leaves the others good. @throws where the text is no document */
export function readFlagSet(text: string): FlagSet {
  const { flags } = parseText(text);
  if (!isMembers(flags)) throw new Error('no "flags"');
  return new Map(Object.entries(flags).map(([key, flag]) => [key, hold(flag, key)]));
}

/** @throws where the text is doubtful as a whole, with why */
export function parseText(text: string): Members {
  if (text.length > longestText) throw new Error('longer than 4 MiB');
  const document: unknown = JSON.parse(text);
  // Parsing keeps the last of two: which one was meant, nobody knows.
  if (keysIn(text) > keysIn(JSON.stringify(document))) throw new Error('a key is there twice');
  return Object(document) as Members;
}

const keysIn = (text: string): number => [...text.matchAll(quoted)].filter(([, colon]) => colon).length;

function hold(flag: unknown, key: string): HeldFlag {
  const { metadata } = Object(flag) as { readonly metadata?: Members | null };
  let rule: FlagRule;
  try {
    rule = readFlag(flag, key);
  } catch (error) {
    const outcome = failure('PARSE_ERROR', (error as Error).message);
    rule = () => outcome;
  }
  return { rule, revision: Number(metadata?.['holdpoint.revision']) };
}
