/** A limit as it is written, read in the unit of what it limits. */
import { parseDuration } from '../core/duration.js';
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
  if (value === null) return { ok: false, message: `found ${show(found)}; ${wanted[unit]}` };
  return { ok: true, limit: side === 'min' ? { min: value } : { max: value } };
}

const wanted: Readonly<Record<CheckUnit, string>> = {
  ratio: 'it is a share: write a number from 0 to 1, such as 0.995',
  seconds: 'it is a time: write a duration, such as 800ms or 2s',
  'per-second': 'it is events per second: write a number of at least 0, such as 1.5',
  'per-minute': 'it is events per minute: write a number of at least 0, such as 1.5',
  number: 'write a number, such as 3',
};

function inUnit(found: number | string, unit: CheckUnit): number | null {
  if (unit === 'seconds') {
    const ms = typeof found === 'string' ? parseDuration(found) : null;
    return ms === null || ms < 0 ? null : ms / 1_000;
  }
  if (typeof found === 'string') return null;
  if (unit === 'number') return found;
  return found < 0 || (unit === 'ratio' && found > 1) ? null : found;
}
