/** What a check asks: an SLI of the catalogue, or a query of its own. */
import { leastOfBaseline, type Catalogue, type Sli } from '../catalogue/catalogue.js';
import { longestRangeMs } from '../catalogue/promql-range.js';
import { baselineQueries, sliQueries } from '../catalogue/sli-queries.js';
import { fillWindow, type CheckQueries, type CheckUnit, type Limit } from '../core/plan.js';
import type { CheckFile } from './check-schema.js';

/** Where neither the check nor its source says another. */
export const standardWindowMs = 15 * 60_000;

export interface CheckSource {
  /** Null: the check's own name. */
  readonly title: string | null;
  readonly unit: CheckUnit;
  readonly queries: CheckQueries;
  /** It rests on counted events. */
  readonly counted: boolean;
  /** Null: the check chooses. */
  readonly windowMs: number | null;
  readonly overlapMs: number | null;
  /** Where good numbers are; null where either may be. */
  readonly better: 'high' | 'low' | null;
  /** What the catalogue promises, for a check that says no limit of its own; null: nothing. */
  readonly limit: Limit | null;
}

/** Null when there is none, or not exactly one, or the catalogue has no such SLI: rules of their own say so. */
export function sourceOf(check: CheckFile, catalogue: Catalogue | null, environment: string): CheckSource | null {
  const { sli, promql } = check;
  if (sli !== undefined && promql !== undefined) return null;
  if (promql !== undefined) return ownQuery(promql, check);
  if (sli === undefined || catalogue === null || !Object.hasOwn(catalogue.slis, sli)) return null;
  const found = catalogue.slis[sli];
  if (found === undefined) return null;
  if (check.compare !== undefined) return comparedSource(found, { check, catalogue, environment });
  return { ...sliQueries(sli, catalogue, { environment }), better: betterOf(found), limit: promised(found) };
}

interface Compared {
  readonly check: CheckFile;
  readonly catalogue: Catalogue;
  readonly environment: string;
}

/** Null when the SLI has no baseline: a rule of its own says so. */
function comparedSource(sli: Sli, { check, catalogue, environment }: Compared): CheckSource | null {
  if (sli.kind !== 'ratio' || sli.measure === 'bad' || sli.baseline === null) return null;
  const limit = { min: check.atLeast ?? leastOfBaseline(sli.baseline) };
  return { ...baselineQueries(sli, sli.baseline, { catalogue, environment }), better: 'high', limit };
}

function ownQuery(promql: string, { min, max, window }: CheckFile): CheckSource {
  const unit = typeof (min ?? max) === 'string' ? 'seconds' : 'number';
  const chosenMs = window ?? standardWindowMs;
  const reachMs = longestRangeMs(fillWindow(promql, chosenMs));
  const plain = { title: null, unit, counted: false, better: null, limit: null } as const;
  if (promql.includes('$window') && reachMs <= chosenMs)
    return { ...plain, queries: { value: promql }, windowMs: null, overlapMs: null };
  // It reads further back than its window: what it says of a stage is settled only after all of that.
  return { ...plain, queries: { value: fillWindow(promql, chosenMs) }, windowMs: reachMs, overlapMs: reachMs };
}

const promised = ({ target }: Sli): Limit | null =>
  target === null ? null : target.side === 'least' ? { min: target.value } : { max: target.value };

function betterOf(sli: Sli): CheckSource['better'] {
  switch (sli.kind) {
    case 'ratio':
      return sli.measure === 'good' ? 'high' : 'low';
    case 'quantile':
    case 'burn-rate':
      return 'low';
    case 'rate':
    case 'gauge':
      return null;
  }
}
