/** The rule of one flag for a percent, and the percent of a rule as it stands. */
import { heaviest } from '../../flag-client/flag-rule.js';

export type Members = Record<string, unknown>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Weights are integers: a percent has up to three decimals, so the whole is 100,000. */
const whole = 100_000;

const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };

/** @throws for what is no percent: checked plans hold none, so nothing else comes here. `on` first: buckets are cumulative, so that order keeps everybody in who was in at a lower percent. */
export function ruleFor(percent: number): { readonly defaultVariant: 'on' | 'off'; readonly targeting: Members } {
  if (!(Number.isFinite(percent) && percent >= 0 && percent <= 100)) {
    throw new RangeError(`A flag cannot be at ${JSON.stringify(percent)} %: a percent is a number from 0 to 100.`);
  }
  if (percent === 0) return { defaultVariant: 'off', targeting: {} };
  if (percent === 100) return { defaultVariant: 'on', targeting: {} };
  const on = Math.round(percent * 1_000);
  return { defaultVariant: 'off', targeting: { fractional: [bucketing, ['on', on], ['off', whole - on]] } };
}

/** From the rule, not from our metadata: a person may have edited the file. Null for a rule or variants not ours. */
export function percentOf(flag: Members): number | null {
  if (flag['state'] === 'DISABLED') return 0;
  const { targeting, variants, defaultVariant } = flag;
  if (flag['state'] !== 'ENABLED' || !isMembers(variants) || variants['on'] !== true || variants['off'] !== false) {
    return null;
  }
  if (targeting === undefined || (isMembers(targeting) && Object.keys(targeting).length === 0)) {
    if (defaultVariant === 'off') return 0;
    return defaultVariant === 'on' ? 100 : null;
  }
  if (!isMembers(targeting) || Object.keys(targeting).length !== 1) return null;
  const rule = targeting['fractional'];
  if (!Array.isArray(rule) || rule.length !== 3) return null;
  const [bucketBy, ...pairs] = rule as unknown[];
  const [on, off] = [weightOf(pairs[0], 'on'), weightOf(pairs[1], 'off')];
  if (JSON.stringify(bucketBy) !== JSON.stringify(bucketing) || on === null || off === null) return null;
  // Nobody is drawn by such, whatever their share.
  if (on + off === 0 || on + off > heaviest) return null;
  return Math.round((on / (on + off)) * whole) / 1_000;
}

function weightOf(pair: unknown, variant: string): number | null {
  if (!Array.isArray(pair) || pair.length !== 2 || pair[0] !== variant) return null;
  const weight: unknown = pair[1];
  return typeof weight === 'number' && Number.isInteger(weight) && weight >= 0 ? weight : null;
}
