/** Numbers as operators read them. No `Intl`: its answer depends on the worker's locale, and workflow code may not. */
import type { CheckUnit, Limit } from './plan.js';

/** `4000` → `4,000`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Four significant digits, no trailing zeros. */
function compact(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Ratios keep enough digits that a value just under its limit does not read as the limit. */
export function formatValue(value: number, unit: CheckUnit): string {
  switch (unit) {
    case 'ratio':
      return `${Number((value * 100).toFixed(3))} %`;
    case 'seconds':
      return value < 1 ? `${compact(value * 1000)} ms` : `${compact(value)} s`;
    case 'per-second':
      return `${compact(value)}/s`;
    case 'per-minute':
      return `${compact(value)}/min`;
    case 'number':
      return compact(value);
  }
}

export function formatLimit(limit: Limit, unit: CheckUnit): string {
  return 'min' in limit ? `at least ${formatValue(limit.min, unit)}` : `at most ${formatValue(limit.max, unit)}`;
}

export function formatPercent(percent: number | null): string {
  return percent === null ? 'unknown' : `${Number(percent.toFixed(3))} %`;
}
