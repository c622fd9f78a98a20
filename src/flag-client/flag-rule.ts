/** One flag of a flagd document as a rule, all its possible answers made beforehand. */
import { failure, type FlagContext, type Outcome } from './flag-values.js';
import { hashAfter } from './hash-text.js';
import { isMembers, unfit, type Members } from './members.js';

export type FlagRule = (context: FlagContext) => Outcome;

/** flagd's: the hash times the whole must fit in 63 bits. */
export const heaviest = 2 ** 31 - 1;

/** What a percentage may be drawn by: an attribute with a plain name, or the flag's key and one joined. */
const drawnBy = /^(?:\{"cat":\[\{"var":"\$flagd\.flagKey"\},)?\{"var":"([^"\\.$]+)"\}(\]\})?$/;

/** @throws where it is no flag, or has targeting that is not known here: never a guess */
export function readFlag(flag: unknown, key: string): FlagRule {
  const { state, variants, defaultVariant, targeting = {} } = Object(flag) as Members;
  if (state === 'DISABLED') return () => ({ reason: 'DISABLED' });
  if (state !== 'ENABLED') unfit('state', state);
  if (!isMembers(variants)) return unfit('variants', variants);
  const outcomeOf = (variant: unknown, reason: Outcome['reason']): Outcome =>
    typeof variant === 'string' && Object.hasOwn(variants, variant)
      ? { reason, variant, value: variants[variant] }
      : failure('GENERAL', `no variant ${String(variant)}`);
  // Without a default variant the caller's default is the answer.
  const fixed: Outcome = (defaultVariant ?? '') === '' ? { reason: 'DEFAULT' } : outcomeOf(defaultVariant, 'STATIC');
  if (fixed.errorCode) unfit('defaultVariant', defaultVariant);
  if (JSON.stringify(targeting) === '{}') return () => fixed;

  const { fractional, ...others } = Object(targeting) as Members;
  if (!Array.isArray(fractional) || Object.keys(others).length > 0) return unfit('targeting', targeting);
  const short = Array.isArray(fractional[0]);
  const [, name = '', joined] = short
    ? ['', 'targetingKey', '']
    : (drawnBy.exec(JSON.stringify(fractional[0])) ?? unfit('targeting', targeting));
  const otherwise: Outcome = { ...fixed, reason: 'DEFAULT' };
  let total = 0;
  const buckets = fractional.slice(short ? 0 : 1).map((bucket: unknown) => {
    const [variant, weight = 1, ...more] = Array.isArray(bucket) ? (bucket as unknown[]) : [{}];
    if (more.length > 0 || Object(variant) === variant || !Number.isInteger(weight) || Number(weight) < 0) {
      return unfit('bucket', bucket);
    }
    total += Number(weight);
    return {
      end: total,
      outcome: variant === null ? otherwise : outcomeOf(String(variant as string), 'TARGETING_MATCH'),
    };
  });
  const keyed = short || joined;
  const hash = hashAfter(keyed ? key : '');
  return (context) => {
    const value = context[name];
    // A missing attribute is joined as the text "null", as in the reference; without the key, nobody is drawn.
    const text = keyed ? String((value as string | undefined) ?? null) : value;
    if (typeof text !== 'string' || (short && !value) || total > heaviest) return otherwise;
    const drawn = shareOf(hash(text), total);
    for (const { end, outcome } of buckets) if (end > drawn) return outcome;
    return otherwise;
  };
}

/** hash × total ÷ 2³², rounded down: in halves, for a double holds no 63 bits. */
export const shareOf = (hash: number, total: number): number =>
  Math.floor(((hash >>> 16) * total + Math.floor(((hash & 0xffff) * total) / 65_536)) / 65_536);
