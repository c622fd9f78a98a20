/** How far back a check reads, and when two of its samples share data. */
import type { CheckFile } from './check-schema.js';
import { standardWindowMs, type CheckSource } from './check-source.js';

/** Targets are seldom scraped less often: an instant value read twice within it may be one and the same raw sample. */
const instantOverlapMs = 60_000;

export interface CheckWindow {
  readonly windowMs: number;
  readonly overlapMs: number;
  readonly gateWindow: 'stage' | 'watch';
}

export function windowOf(check: CheckFile, source: CheckSource): CheckWindow {
  const windowMs = source.windowMs ?? check.window ?? standardWindowMs;
  const overlapMs = source.overlapMs ?? windowMs;
  return {
    windowMs,
    overlapMs: overlapMs === 0 ? instantOverlapMs : overlapMs,
    gateWindow: source.windowMs === null ? (check.gateWindow ?? (source.counted ? 'stage' : 'watch')) : 'watch',
  };
}
