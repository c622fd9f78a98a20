/** The last good document: what replaces it, what does not, and why it may be out of date. */
import { readFlagSet, type FlagSet } from './flag-set.js';

export interface FlagsStatus {
  /** Whether a good document is held. */
  readonly loaded: boolean;
  /** Why there is none, or why the one that is held may be out of date; null when all is well. */
  readonly problem: string | null;
}

/** Where documents come from tells it what it saw. */
export interface Sink {
  /** @param document - or its text @param cached - a cache may have answered: then an older revision is not obeyed. @returns whether it is held now. */
  take(document: unknown, cached?: boolean): boolean;
  /** Null: what is held is up to date. */
  say(problem: string | null): void;
}

/** @param tell - hears of a new problem, of null when it is over, and of undefined when there is another document */
export function holdDocument(tell: (told?: string | null) => void) {
  let set: FlagSet | null = null;
  let held: string | null = null;
  let problem: string | null = null;
  let settle: (status: FlagsStatus) => void;
  const ready = new Promise<FlagsStatus>((resolve) => (settle = resolve));

  const status = (): FlagsStatus => ({ loaded: set !== null, problem });
  const say = (next: string | null): void => {
    const isNew = next !== problem;
    problem = next;
    settle(status());
    if (isNew) tell(next);
  };
  const take = (document: unknown, cached?: boolean): boolean => {
    try {
      const text = typeof document === 'string' ? document : String(JSON.stringify(document));
      const next = text === held ? (set as FlagSet) : readFlagSet(text);
      if (cached) refuseOlder(set, next);
      const isNew = next !== set;
      set = next;
      held = text;
      say(null);
      if (isNew) tell();
      return true;
    } catch (error) {
      say(`flag document: ${(error as Error).message}`);
      return false;
    }
  };
  return { ready, status, say, take, set: () => set };
}

function refuseOlder(held: FlagSet | null, next: FlagSet): void {
  for (const [key, { revision }] of next) {
    if (revision < Number(held?.get(key)?.revision)) throw new Error(`an older revision of ${key} was ignored`);
  }
}
