/** What a flag document says about one flag, and which variant that gives a user. Knows flagd's format as far as a rollout writes it. */
import type { Variant } from './failure-knobs.js';
import { hashText } from './flag-hash.js';

export type FlagRule =
  | { readonly kind: 'everybody'; readonly variant: Variant }
  /** `on` is the first bucket. */
  | { readonly kind: 'share'; readonly onWeight: number; readonly totalWeight: number };

export type ReadRule =
  { readonly ok: true; readonly rule: FlagRule } | { readonly ok: false; readonly problem: string };

export const nobody: FlagRule = { kind: 'everybody', variant: 'off' };

/** Up to here a hash times a weight is exact in a double. */
const heaviest = 2 ** 21;

/** Never throws. A flag that is missing or disabled is off, as the application's default says. */
export function readFlagRule(text: string, key: string): ReadRule {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { ok: false, problem: text.trim() === '' ? 'the file is empty' : 'the file is not JSON' };
  }
  if (!isMembers(document) || !isMembers(document['flags'])) return { ok: false, problem: 'the file has no "flags"' };
  const flags = document['flags'];
  if (!Object.hasOwn(flags, key)) return { ok: true, rule: nobody };
  const flag = flags[key];
  return isMembers(flag) ? readFlag(flag) : { ok: false, problem: 'the flag is not an object' };
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readFlag({ state, variants, defaultVariant, targeting }: Members): ReadRule {
  if (state === 'DISABLED') return { ok: true, rule: nobody };
  if (state !== 'ENABLED') return { ok: false, problem: 'the state of the flag is neither ENABLED nor DISABLED' };
  if (!isMembers(variants) || variants['on'] !== true || variants['off'] !== false) {
    return { ok: false, problem: 'the variants of the flag are not on: true and off: false' };
  }
  if (defaultVariant !== 'on' && defaultVariant !== 'off') {
    return { ok: false, problem: 'the default variant of the flag is neither on nor off' };
  }
  if (targeting === undefined || (isMembers(targeting) && Object.keys(targeting).length === 0)) {
    return { ok: true, rule: { kind: 'everybody', variant: defaultVariant } };
  }
  const weights = readWeights(targeting);
  if (weights === null) return { ok: false, problem: 'the targeting of the flag is not a share of on and off' };
  return { ok: true, rule: { kind: 'share', ...weights } };
}

const bucketing = JSON.stringify({ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] });

/** `fractional` over the flag's key and the targeting key, `on` first, whole weights. */
function readWeights(targeting: unknown): { readonly onWeight: number; readonly totalWeight: number } | null {
  if (!isMembers(targeting) || Object.keys(targeting).length !== 1) return null;
  const parts = targeting['fractional'];
  if (!Array.isArray(parts) || parts.length !== 3 || JSON.stringify(parts[0]) !== bucketing) return null;
  const onWeight = weightOf(parts[1], 'on');
  const offWeight = weightOf(parts[2], 'off');
  if (onWeight === null || offWeight === null) return null;
  const totalWeight = onWeight + offWeight;
  return totalWeight > 0 && totalWeight <= heaviest ? { onWeight, totalWeight } : null;
}

function weightOf(bucket: unknown, variant: Variant): number | null {
  if (!Array.isArray(bucket) || bucket.length !== 2 || bucket[0] !== variant) return null;
  const weight: unknown = bucket[1];
  return typeof weight === 'number' && Number.isInteger(weight) && weight >= 0 ? weight : null;
}

/** @param user - the targeting key; visitors without a name (empty) are one user and share one answer. */
export function variantFor(rule: FlagRule, key: string, user: string): Variant {
  if (rule.kind === 'everybody') return rule.variant;
  const bucket = Math.floor((hashText(`${key}${user}`) * rule.totalWeight) / 2 ** 32);
  return bucket < rule.onWeight ? 'on' : 'off';
}

/** Share of users who get `on`, up to three decimals. */
export function percentOf(rule: FlagRule): number {
  if (rule.kind === 'everybody') return rule.variant === 'on' ? 100 : 0;
  return Math.round((rule.onWeight / rule.totalWeight) * 100_000) / 1_000;
}
