/** How far back a query looks by itself. */
import { parseDuration } from '../core/duration.js';

const dayMs = 86_400_000;

/** By its own ranges and subqueries; 0 for an instant query. `$window` does not count. */
export function longestRangeMs(query: string): number {
  const ranges = [...query.matchAll(/\[\s*((?:\d+(?:ms|[smhdwy]))+)/g)].map(([, range = '']) =>
    (range.match(/\d+(?:ms|[smhdwy])/g) ?? []).reduce((sum, part) => sum + partMs(part), 0),
  );
  return Math.max(0, ...ranges);
}

function partMs(part: string): number {
  const count = Number.parseInt(part, 10);
  if (part.endsWith('w')) return count * 7 * dayMs;
  if (part.endsWith('y')) return count * 365 * dayMs;
  return parseDuration(part) ?? 0;
}
