/** How the service is made to fail on purpose: the new code path only, unless told otherwise. */

export type Variant = 'on' | 'off';

export interface FailureKnobs {
  /** Whose requests are hit. */
  readonly affects: Variant | 'everyone';
  /** Shares of 0 to 1 that fail with 500. */
  readonly autosaveFailureRatio: number;
  readonly exportFailureRatio: number;
  /** Of finalizing and of signing. */
  readonly finalizeFailureRatio: number;
  /** Share of autosaves answered with 409 although their version is right. */
  readonly conflictRatio: number;
  /** Added to every answer. */
  readonly latencyMs: number;
  /** Every answer is 503. */
  readonly down: boolean;
}

export type RatioKnob = 'autosaveFailureRatio' | 'exportFailureRatio' | 'finalizeFailureRatio' | 'conflictRatio';

const ratioKnobs: readonly RatioKnob[] = [
  'autosaveFailureRatio',
  'exportFailureRatio',
  'finalizeFailureRatio',
  'conflictRatio',
];

const highestLatencyMs = 60_000;

export const healthyKnobs: FailureKnobs = {
  affects: 'on',
  autosaveFailureRatio: 0,
  exportFailureRatio: 0,
  finalizeFailureRatio: 0,
  conflictRatio: 0,
  latencyMs: 0,
  down: false,
};

/** Each knob with what it may be: the one place that knows. */
const allowed: Readonly<Record<keyof FailureKnobs, readonly [fits: (value: unknown) => boolean, words: string]>> = {
  affects: [(value) => value === 'on' || value === 'off' || value === 'everyone', 'on, off or everyone'],
  autosaveFailureRatio: [isNumberUpTo(1), 'a number from 0 to 1'],
  exportFailureRatio: [isNumberUpTo(1), 'a number from 0 to 1'],
  finalizeFailureRatio: [isNumberUpTo(1), 'a number from 0 to 1'],
  conflictRatio: [isNumberUpTo(1), 'a number from 0 to 1'],
  latencyMs: [isNumberUpTo(highestLatencyMs), `a number from 0 to ${highestLatencyMs}`],
  down: [(value) => typeof value === 'boolean', 'true or false'],
};

function isNumberUpTo(highest: number): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && value >= 0 && value <= highest;
}

/** A knob that is not named is healthy, so `{}` heals everything. Problems are sentences, all at once. */
export function readKnobs(
  value: unknown,
): { readonly ok: true; readonly knobs: FailureKnobs } | { readonly ok: false; readonly problems: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problems: ['Send a JSON object such as {"autosaveFailureRatio": 0.3}.'] };
  }
  const problems = Object.entries(value).flatMap(([name, found]) => {
    if (!Object.hasOwn(allowed, name)) return [`No knob "${name}"; there are ${Object.keys(allowed).join(', ')}.`];
    const [fits, words] = allowed[name as keyof FailureKnobs];
    return fits(found) ? [] : [`${name} is ${JSON.stringify(found)}; give ${words}.`];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, knobs: { ...healthyKnobs, ...(value as Partial<FailureKnobs>) } };
}

export interface Faults {
  knobs(): FailureKnobs;
  turn(knobs: FailureKnobs): void;
  affects(variant: Variant): boolean;
  /** Whether this request is one of those that fail. */
  strikes(knob: RatioKnob, variant: Variant): boolean;
}

/** Failures are spread evenly instead of drawn: a ratio of 0.1 hits each tenth request, so a demo tells the same story twice. */
export function openFaults(): Faults {
  let knobs = healthyKnobs;
  const owed = new Map<RatioKnob, number>(ratioKnobs.map((knob) => [knob, 0]));
  const affects = (variant: Variant): boolean => knobs.affects === 'everyone' || knobs.affects === variant;
  return {
    knobs: () => knobs,
    turn: (next) => {
      knobs = next;
      for (const knob of ratioKnobs) owed.set(knob, 0);
    },
    affects,
    strikes: (knob, variant) => {
      if (!affects(variant)) return false;
      const due = (owed.get(knob) ?? 0) + knobs[knob];
      owed.set(knob, due >= 1 ? due - 1 : due);
      return due >= 1;
    },
  };
}
