/** What failing checks cost: events beyond the limit, counted once, in windows that share no data. */
import { formatLimit, formatValue } from './number-text.js';
import type { Check, Plan } from './plan.js';
import type { SeenSample } from './seen-samples.js';

export interface Harm {
  readonly check: string;
  readonly title: string;
  readonly severity: string;
  /** Failing windows that share no data. */
  readonly windows: number;
  /** ISO instant: begin of the first failing window. */
  readonly from: string;
  /** ISO instant: end of the last one. */
  readonly to: string;
  readonly worst: string;
  readonly limit: string;
  /** Events that failed beyond what the limit allows; null: this check does not count events, or is no ratio. */
  readonly excessEvents: number | null;
  readonly stages: readonly number[];
}

/** One for each check that failed in the watch; the gate's windows hold the same events again. */
export function harms(plan: Plan, samples: readonly SeenSample[]): Harm[] {
  return Object.values(plan.checks).flatMap((check) => {
    const failing = apart(
      samples.filter(
        ({ sample, finding }) => sample.check === check.name && sample.scope === 'watch' && finding.outcome === 'fail',
      ),
    );
    const [first] = failing;
    return first === undefined ? [] : [harmOf(check, failing, first)];
  });
}

function harmOf(check: Check, failing: readonly SeenSample[], first: SeenSample): Harm {
  const values = failing.map(({ finding }) => finding.value ?? 0);
  const worst = 'min' in check.limit ? Math.min(...values) : Math.max(...values);
  const counted = check.unit === 'ratio' && failing.every(({ finding }) => finding.events !== undefined);
  const excess = failing.reduce(
    (sum, { finding }) => sum + beyond(check, finding.value ?? 0) * (finding.events ?? 0),
    0,
  );
  return {
    check: check.name,
    title: check.title,
    severity: check.severity,
    windows: failing.length,
    from: windowStart(first),
    to: failing.at(-1)?.sample.at ?? first.sample.at,
    worst: formatValue(worst, check.unit),
    limit: formatLimit(check.limit, check.unit),
    excessEvents: counted ? Math.round(excess) : null,
    stages: [...new Set(failing.map(({ stage }) => stage))],
  };
}

export const windowStart = ({ sample }: SeenSample): string =>
  new Date(Date.parse(sample.at) - sample.windowMs).toISOString();

const beyond = ({ limit }: Check, value: number): number => ('min' in limit ? limit.min - value : value - limit.max);

/** Of samples that share data the first; oldest first. */
function apart(samples: readonly SeenSample[]): SeenSample[] {
  const kept: SeenSample[] = [];
  for (const one of samples) {
    const last = kept.at(-1);
    if (last === undefined || windowStart(one) >= last.sample.at) kept.push(one);
  }
  return kept;
}
