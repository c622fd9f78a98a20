/** Failing windows in a row: one bad window is noise, `consecutive` non-overlapping ones are a breach. */
import type { Finding } from './finding.js';
import type { Check } from './plan.js';
import type { Sample } from './sample.js';

export interface Streak {
  readonly failing: number;
  /** ISO instant of the last sample that counted. */
  readonly countedAt: string;
}

/** By check name. A check that never counted is absent. */
export type Streaks = Readonly<Record<string, Streak>>;

/** A hundredth: looks come on a grid, each a few milliseconds early or late, and every window of the grid counts. */
const mayShare = 0.01;

/**
 * Counts a watch sample. A sample that shares data with the last counted one, or that says nothing, changes nothing:
 * silence neither proves the failure nor ends it.
 */
export function countSample(
  streak: Streak | undefined,
  check: Check,
  judged: { sample: Sample; finding: Finding },
): Streak | undefined {
  const { sample, finding } = judged;
  if (sample.scope !== 'watch' || sample.reading.kind !== 'value' || finding.outcome === 'insufficient') return streak;
  const at = Date.parse(sample.at);
  if (streak !== undefined && at - check.overlapMs * (1 - mayShare) < Date.parse(streak.countedAt)) return streak;
  return { failing: finding.outcome === 'fail' ? (streak?.failing ?? 0) + 1 : 0, countedAt: sample.at };
}
