/** Whether a person may set a flag's percent outside of a rollout: pure, from the flag's record and how its rollout stands. */
import { isBreakGlass, type FlagRecord } from './flag-record.js';
import { rolloutOwner, rolloutWorkflowId } from './names.js';
import { formatPercent } from './number-text.js';

/** Up to three decimals, no sign, no unit, no exponent. Null for what is no percent. */
export function readPercent(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text)) return null;
  const percent = Number(text);
  return percent <= 100 ? percent : null;
}

/** The rollout that may still move the flag, by its workflow id; null: nobody has to be asked. */
export function rolloutToAsk({ key, owner, breakGlass }: FlagRecord): string | null {
  const parts = rolloutOwner(owner);
  if (parts !== null) return parts.workflowId;
  // It closes as soon as it sees the break-glass; until then the flag is still its own.
  return isBreakGlass(owner) && breakGlass !== null ? rolloutWorkflowId(breakGlass.environment, key) : null;
}

/** `unknown`: Temporal did not answer. */
export type RolloutStanding = 'open' | 'not-open' | 'unknown';

export type SetVerdict =
  | { readonly kind: 'write' }
  | { readonly kind: 'already' }
  | { readonly kind: 'refused' | 'cannot-tell'; readonly sentence: string };

export interface AskedSet {
  readonly record: FlagRecord;
  readonly percent: number;
  readonly standing: RolloutStanding;
  /** How people name the flag's rollout: `<environment>/<flag key>`, or the key alone. */
  readonly name: string;
}

export function judgeSet({ record, percent, standing, name }: AskedSet): SetVerdict {
  const { key } = record;
  const back = `holdpoint rollback ${name} --reason "why"`;
  const glass = `holdpoint rollback ${name} --break-glass --reason "why"`;
  if (standing === 'open') {
    const isDown = record.percent !== null && percent < record.percent;
    const at = `${key} is at ${formatPercent(record.percent)} and belongs to an open rollout`;
    return {
      kind: 'refused',
      sentence: isDown
        ? `${at}. Nothing was written. Take it back to 0 %: ${back}`
        : `${at}, which alone moves it up. Nothing was written. See what it waits for: holdpoint why ${name}`,
    };
  }
  if (standing === 'unknown') {
    return {
      kind: 'cannot-tell',
      sentence: `Whether the rollout that owns ${key} still runs cannot be told. Nothing was written. To take the flag back to 0 % all the same: ${glass}`,
    };
  }
  if (record.percent === null) {
    return {
      kind: 'refused',
      sentence: `${key} has a rule that Holdpoint did not write and cannot read, so nothing was written over it. To replace it by 0 %: ${glass}`,
    };
  }
  return record.exists && record.percent === percent ? { kind: 'already' } : { kind: 'write' };
}
