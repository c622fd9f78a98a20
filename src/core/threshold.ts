/** The only comparison of a number with a limit. Limits are inclusive: a value equal to the limit passes. */
import type { Limit } from './plan.js';

export function withinLimit(value: number, limit: Limit): boolean {
  return 'min' in limit ? value >= limit.min : value <= limit.max;
}
