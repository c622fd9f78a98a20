/** Why somebody gets what they get: the flag client's answer, and where the draw of a percentage fell. Pure. */
import { isMembers, percentOf } from '../adapters/flags/flag-rule.js';
import { shareOf } from '../flag-client/flag-rule.js';
import type { FlagContext, FlagDetails } from '../flag-client/flag-values.js';
import { hashAfter } from '../flag-client/hash-text.js';
import { openFlags } from '../flag-client/open-flags.js';

export interface Explanation {
  readonly key: string;
  /** Null: nobody was named. */
  readonly user: string | null;
  /** Null: the application's own default. */
  readonly value: unknown;
  readonly variant: string | null;
  readonly reason: string;
  readonly errorCode: string | null;
  /** Of a rule that Holdpoint writes; null for any other. */
  readonly draw: Draw | null;
  readonly sentence: string;
}

export interface Draw {
  /** Of 100: where in the flag's range this user stands, whatever the percent is. */
  readonly drawnAt: number;
  /** Who is drawn below it is in. */
  readonly percent: number;
}

/** @param text - of the flag document @throws where that is none, with why */
export function explainEvaluation(text: string, key: string, context: FlagContext): Explanation {
  const flags = openFlags(text, [], {});
  const { loaded, problem } = flags.status();
  if (!loaded) throw new Error(problem ?? 'no document');
  const details = flags.details<unknown>(key, undefined, context);
  const draw = drawOf(text, key, context);
  const user = context.targetingKey ?? null;
  const { value, variant = null, reason, errorCode = null } = details;
  const sentence = sentenceOf(details, { user, draw });
  return { key, user, value: value ?? null, variant, reason, errorCode, draw, sentence };
}

function drawOf(text: string, key: string, { targetingKey }: FlagContext): Draw | null {
  const { flags } = JSON.parse(text) as { readonly flags: Readonly<Record<string, unknown>> };
  const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
  if (!isMembers(flag) || flag['state'] !== 'ENABLED') return null;
  const percent = percentOf(flag);
  const targeting = isMembers(flag['targeting']) ? flag['targeting']['fractional'] : undefined;
  if (percent === null || !Array.isArray(targeting)) return null;
  const total = targeting.slice(1).reduce<number>((sum, bucket: unknown) => sum + weightOf(bucket), 0);
  // A missing key is joined as this text: all who bring none are one user.
  const share = shareOf(hashAfter(key)(String(targetingKey ?? null)), total);
  return { drawnAt: Math.floor((share * 100_000) / total) / 1_000, percent };
}

const weightOf = (bucket: unknown): number => Number((bucket as readonly unknown[])[1]);

function sentenceOf(
  { reason, variant, value, errorCode, errorMessage }: FlagDetails<unknown>,
  { user, draw }: Pick<Explanation, 'user' | 'draw'>,
): string {
  const who = user ?? 'Whoever brings no key';
  const what = `${String(variant)} (${JSON.stringify(value)})`;
  if (errorCode !== undefined) return `${who} gets the application's own default: ${errorCode}, ${errorMessage ?? ''}.`;
  if (draw !== null) {
    const side = variant === 'on' ? 'below' : 'not below';
    const crowd = user === null ? ' All who bring no key are one user.' : '';
    return `${who} gets ${what}: drawn at ${draw.drawnAt} %, which is ${side} the flag's ${draw.percent} %.${crowd}`;
  }
  if (reason === 'STATIC') return `${who} gets ${what}: the flag has no rule, so everybody does.`;
  if (reason === 'TARGETING_MATCH') return `${who} gets ${what}: drawn by a rule that Holdpoint did not write.`;
  if (reason === 'DISABLED') return `${who} gets the application's own default: the flag is disabled.`;
  return variant === undefined
    ? `${who} gets the application's own default: nothing was drawn, and the flag has no default variant.`
    : `${who} gets ${what}: nothing was drawn, so the default variant holds.`;
}
