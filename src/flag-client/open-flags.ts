/** What an application holds: answers from the last good document. */
import { failure, type FlagContext, type FlagDetails, type Outcome, type Widened } from './flag-values.js';
import { holdDocument, type FlagsStatus, type Sink } from './hold-document.js';

export interface Flags {
  /** Resolves with the first good document, or with why there is none yet. Never rejects. */
  readonly ready: Promise<FlagsStatus>;
  status(): FlagsStatus;
  /** Of the flags in the document. */
  keys(): string[];
  /** The flag's value, or the default: while it is not known, broken, disabled or of another type. The default undefined takes any type. */
  get<T>(key: string, byDefault: T, context?: FlagContext): Widened<T>;
  details<T>(key: string, byDefault: T, context?: FlagContext): FlagDetails<Widened<T>>;
  /** Called after each document that is another one, the first included. @returns what ends it. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface FlagsOptions {
  /** For calls that bring none: in a browser, its user. */
  readonly context?: FlagContext | undefined;
  /** Told each new problem once, and null when it is over. */
  readonly onProblem?: ((problem: string | null) => void) | undefined;
}

/** @returns what ends it. */
export type Follow = (sink: Sink) => () => void;

/** @param first - a document that is there already, or its text */
export function openFlags(first: unknown, follows: readonly Follow[], options: FlagsOptions): Flags {
  const listeners = new Set<() => void>();
  const document = holdDocument((told) => {
    if (told === undefined) listeners.forEach(guarded);
    else guarded(() => options.onProblem?.(told));
  });
  const { ready, status } = document;
  const outcomeOf = (key: string, context: FlagContext | undefined): Outcome => {
    const set = document.set();
    if (set === null) return failure('PROVIDER_NOT_READY', status().problem ?? 'no document yet');
    return set.get(key)?.rule(context ?? options.context ?? {}) ?? failure('FLAG_NOT_FOUND', 'not in the document');
  };
  const details = <T>(key: string, byDefault: T, context?: FlagContext) => {
    const found = outcomeOf(key, context);
    const { value = byDefault } = found;
    const isFit = typeof value === typeof byDefault || byDefault === undefined;
    const told = isFit ? found : failure('TYPE_MISMATCH', `it is a ${typeof value}`);
    // Member by member: spreading takes fifty times as long.
    return {
      reason: told.reason,
      value: isFit ? value : byDefault,
      variant: told.variant,
      errorCode: told.errorCode,
      errorMessage: told.errorMessage,
      problem: status().problem,
    } as FlagDetails<Widened<T>>;
  };

  if (first || follows.length === 0) document.take(first);
  const stops = follows.map((follow) => follow(document));
  return {
    ready,
    status,
    keys: () => [...(document.set()?.keys() ?? [])],
    get: (key, byDefault, context) => details(key, byDefault, context).value,
    details,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => stops.forEach((stop) => stop()),
  };
}

/** Code of the application's that throws must not stop flags from being obeyed. */
function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    console.error(error);
  }
}
