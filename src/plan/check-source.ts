/** What a check asks: an SLI of the catalogue, or a query of its own. */
import type { Catalogue, Sli } from '../catalogue/catalogue.js';
import { longestRangeMs } from '../catalogue/promql-range.js';
import { sliQueries } from '../catalogue/sli-queries.js';
import type { CheckQueries, CheckUnit } from '../core/plan.js';
import type { CheckFile } from './check-schema.js';

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
}

/** Null when there is none, or not exactly one, or the catalogue has no such SLI: rules of their own say so. */
export function sourceOf(
  { sli, promql, min, max }: CheckFile,
  catalogue: Catalogue | null,
  environment: string,
): CheckSource | null {
  if (sli !== undefined && promql !== undefined) return null;
  if (promql !== undefined) {
    const unit = typeof (min ?? max) === 'string' ? 'seconds' : 'number';
    return ownQuery(promql, unit);
  }
  if (sli === undefined || catalogue === null || !Object.hasOwn(catalogue.slis, sli)) return null;
  const found = catalogue.slis[sli];
  if (found === undefined) return null;
  return { ...sliQueries(sli, catalogue, { environment }), better: betterOf(found) };
}

function ownQuery(promql: string, unit: CheckUnit): CheckSource {
  const windowMs = promql.includes('$window') ? null : longestRangeMs(promql);
  return { title: null, unit, queries: { value: promql }, counted: false, windowMs, overlapMs: windowMs, better: null };
}

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
