/** The share of users that a flag document gives the new reporting, as far as it tells. */

interface Flag {
  readonly state?: unknown;
  readonly variants?: Readonly<Record<string, unknown>>;
  readonly defaultVariant?: string;
  readonly targeting?: { readonly fractional?: readonly (readonly [string, number])[] };
}

export interface FlagDocument {
  readonly flags?: Readonly<Record<string, Flag | undefined>>;
}

/** Null for what no rollout writes. The page runs this very function too, so it needs nothing around it. */
export function percentIn(document: FlagDocument, key: string): number | null {
  try {
    const flag = document.flags?.[key];
    if (flag === undefined || flag.state === 'DISABLED') return 0;
    const isOn = (variant = ''): boolean => flag.variants?.[variant] === true;
    const fractional = flag.targeting?.fractional;
    if (fractional === undefined) return isOn(flag.defaultVariant) ? 100 : 0;
    let on = 0;
    let all = 0;
    // The first says what is drawn by.
    for (const [variant, weight] of fractional.slice(1)) {
      on += isOn(variant) ? weight : 0;
      all += weight;
    }
    return all > 0 ? Math.round((on / all) * 100_000) / 1_000 : null;
  } catch {
    return null;
  }
}
