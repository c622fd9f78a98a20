/** Labels that satisfy matchers, or do not: a series for a test to feed. */
import type { Matchers } from '../catalogue.js';
import { patternMark } from '../selector.js';

const tried = ['ok', 'success', 'failure', 'error', '200', '500', '404', 'GET', 'true', 'false', '0', '1', 'one'];

/** Null when nothing tried fits: then there is no test, and the file says so. */
export function exampleLabels(all: readonly Matchers[], none: Matchers | null): Record<string, string> | null {
  const labels = new Set([...all, none ?? {}].flatMap(Object.keys));
  const found: Record<string, string> = {};
  for (const label of labels) {
    const wanted = all.flatMap((one) => one[label] ?? []);
    const unwanted = none?.[label];
    const value = candidates([...wanted, unwanted ?? '']).find(
      (one) => wanted.every((match) => fits(match, one)) && (unwanted === undefined || !fits(unwanted, one)),
    );
    if (value === undefined) return null;
    found[label] = value;
  }
  return found;
}

const candidates = (matches: readonly string[]): string[] => [
  ...matches.flatMap((match) => (match.startsWith(patternMark) ? spelledOut(match.slice(1)) : [match])),
  ...tried,
];

/** Of simple patterns: alternatives, and a digit for any character. */
const spelledOut = (pattern: string): string[] => pattern.split('|').map((one) => one.replaceAll('.', '0'));

function fits(match: string, value: string): boolean {
  if (!match.startsWith(patternMark)) return match === value;
  try {
    return new RegExp(`^(?:${match.slice(patternMark.length)})$`).test(value);
  } catch {
    return false;
  }
}

export const seriesText = (metric: string, labels: Readonly<Record<string, string>>): string =>
  `${metric}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;
