/** A limit as it is written, read in the unit of what it limits. */
import { inUnit, wantedInUnit } from '../catalogue/in-unit.js';
import type { CheckUnit, Limit } from '../core/plan.js';
import { show } from '../documents/explain-issue.js';
import type { CheckFile } from './check-schema.js';

export type WrittenLimit = { readonly side: 'min' | 'max'; readonly found: number | string };

/** Null unless there is exactly one. */
export function writtenLimit({ min, max }: CheckFile): WrittenLimit | null {
  if (min !== undefined) return max === undefined ? { side: 'min', found: min } : null;
  return max === undefined ? null : { side: 'max', found: max };
}

export type ReadLimit = { readonly ok: true; readonly limit: Limit } | { readonly ok: false; readonly message: string };

export function readLimit({ side, found }: WrittenLimit, unit: CheckUnit): ReadLimit {
  const value = inUnit(found, unit);
  if (value === null) return { ok: false, message: `found ${show(found)}; ${wantedInUnit[unit]}` };
  return { ok: true, limit: side === 'min' ? { min: value } : { max: value } };
}
