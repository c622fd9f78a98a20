/** A number as people write it, read in the unit of what it speaks of. */
import { parseDuration } from '../core/duration.js';
import type { CheckUnit } from '../core/plan.js';
import type { Sli } from './catalogue.js';

/** Null when it cannot be one. */
export function inUnit(found: number | string, unit: CheckUnit): number | null {
  if (unit === 'seconds') {
    const ms = typeof found === 'string' ? parseDuration(found) : null;
    return ms === null || ms < 0 ? null : ms / 1_000;
  }
  if (typeof found === 'string') return null;
  if (unit === 'number') return found;
  return found < 0 || (unit === 'ratio' && found > 1) ? null : found;
}

export const wantedInUnit: Readonly<Record<CheckUnit, string>> = {
  ratio: 'it is a share: write a number from 0 to 1, such as 0.995',
  seconds: 'it is a time: write a duration, such as 800ms or 2s',
  'per-second': 'it is events per second: write a number of at least 0, such as 1.5',
  'per-minute': 'it is events per minute: write a number of at least 0, such as 1.5',
  number: 'write a number, such as 3',
};

/** What tells the unit, checked or as it stands in a file. */
type Measured =
  | { readonly kind: Exclude<Sli['kind'], 'quantile' | 'rate'> }
  | { readonly kind: 'quantile'; readonly histogram: string }
  | { readonly kind: 'rate'; readonly perMs: number };

export function unitOf(sli: Measured): CheckUnit {
  switch (sli.kind) {
    case 'ratio':
      return 'ratio';
    case 'quantile':
      return sli.histogram.endsWith('_seconds') ? 'seconds' : 'number';
    case 'rate':
      return sli.perMs === 1_000 ? 'per-second' : sli.perMs === 60_000 ? 'per-minute' : 'number';
    case 'burn-rate':
    case 'gauge':
      return 'number';
  }
}
