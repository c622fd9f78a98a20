/** Tells which variants users were given. Lies over the client, which costs nothing where nobody wants to know. */
import type { FlagContext, FlagDetails, Widened } from './flag-values.js';
import type { Flags } from './open-flags.js';

/** The labels of `flag_exposures_total`. */
export interface Exposure {
  readonly flag: string;
  readonly variant: string;
}

/**
 * The same flags, whose answers are told: once for each context object, flag and variant. So a request that asks with
 * one context counts once however often it asks, and a page counts once, and again after a flip. An answer without a
 * variant is the application's own default, and no exposure.
 */
export function tellExposures(flags: Flags, tell: (exposure: Exposure, context: FlagContext) => void): Flags {
  const seen = new WeakMap<FlagContext, Map<string, string>>();
  /** Whoever calls without a context. */
  const common: FlagContext = {};

  const note = (context: FlagContext, flag: string, variant: string): void => {
    const told = seen.get(context) ?? new Map<string, string>();
    if (told.get(flag) === variant) return;
    seen.set(context, told.set(flag, variant));
    try {
      tell({ flag, variant }, context);
    } catch (error) {
      // A counter that does not count must not take the answer away.
      console.error(error);
    }
  };
  const details = <T>(key: string, byDefault: T, context?: FlagContext): FlagDetails<Widened<T>> => {
    const found = flags.details(key, byDefault, context);
    if (found.variant !== undefined) note(context ?? common, key, found.variant);
    return found;
  };
  return { ...flags, details, get: (key, byDefault, context) => details(key, byDefault, context).value };
}
