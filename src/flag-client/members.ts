/** What JSON and contexts from outside are made of, and what is said where it does not fit. */

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members => Object(value) === value && !Array.isArray(value);

/** @throws with a sentence that shows what was found */
export function unfit(what: string, found: unknown): never {
  throw new Error(`cannot read ${what} ${JSON.stringify(found)}`.slice(0, 150));
}
