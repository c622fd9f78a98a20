/** Who had the flag, for how long, from the proofs of its writes. */
import type { AuditEntry } from './audit.js';
import type { Receipt } from './flag-record.js';

export interface ExposedSpan {
  /** 0 behind a rollback. */
  readonly stage: number;
  readonly percent: number;
  readonly from: string;
  /** The last thing the pack knows of, while the rollout is open. */
  readonly to: string;
}

/** From the first flip above 0 on, without gaps. */
export function exposedSpans(audit: readonly AuditEntry[]): ExposedSpan[] {
  const marks = audit.flatMap((entry) => {
    const receipt = (entry.data['receipt'] as Receipt | undefined) ?? null;
    if ((entry.kind !== 'flip' && entry.kind !== 'rollback') || receipt === null) return [];
    const stage = entry.kind === 'flip' ? Number(entry.data['stage']) : 0;
    return [{ stage, percent: receipt.percent, from: receipt.writtenAt }];
  });
  const end = audit.at(-1)?.at ?? '';
  return marks
    .map((mark, index) => ({ ...mark, to: marks[index + 1]?.from ?? (end > mark.from ? end : mark.from) }))
    .filter(({ percent }) => percent > 0);
}

export const minutesBetween = (from: string, to: string): number =>
  Math.max(0, Date.parse(to) - Date.parse(from)) / 60_000;

/** Minutes of everybody: an hour at 25 % is a quarter of an hour for all. */
export const everybodyMinutes = (spans: readonly ExposedSpan[]): number =>
  spans.reduce((sum, { percent, from, to }) => sum + (percent / 100) * minutesBetween(from, to), 0);
