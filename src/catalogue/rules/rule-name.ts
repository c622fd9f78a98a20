/** Names of recording rules: `level:metric:operations`, as Prometheus' own conventions have them. */
import type { Catalogue } from '../catalogue.js';

/** How often every rule is evaluated. */
export const intervalSeconds = 30;
/** What a rate looks back over; four scrapes of a minute fit. */
export const baseMs = 5 * 60_000;

/** The labels that tell series of a rule apart, the catalogue's first. */
export type Level = readonly string[];

export const levelOf = ({ labels }: Catalogue, by: readonly string[]): Level => [...labels, ...by];

export const ruleName = (level: Level, metric: string, operation: string): string =>
  `${level.join('_') || 'all'}:${metric}:${operation}`;

/** `sum by (env, service) (`…`)`; of no label at all, just `sum(`…`)`. */
export const aggregated = (by: string, level: Level, inner: string): string =>
  level.length === 0 ? `${by}(${inner})` : `${by} by (${level.join(', ')}) (${inner})`;

/** As PromQL has it: the largest unit that divides it. */
export function promDuration(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const)
    if (ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

export const overBase = `rate${promDuration(baseMs)}`;
