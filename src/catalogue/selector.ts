/** Which series of a metric are meant, as PromQL. */
import type { Matchers } from './catalogue.js';

/** A value that begins with it is a regular expression. */
export const patternMark = '~';

/** What Holdpoint fills in: always the very value, whatever it begins with. */
export type FixedLabels = Readonly<Record<string, string>>;

/** All matchers hold, also two for one label: bad events are always some of all events. */
export function selector(metric: string, fixed: FixedLabels, matchers: readonly Matchers[]): string {
  const parts = [
    ...Object.entries(fixed).map(([label, value]) => `${label}=${quote(value)}`),
    ...matchers.flatMap(Object.entries<string>).map(([label, value]) => matcher(label, value)),
  ];
  return parts.length === 0 ? metric : `${metric}{${parts.join(',')}}`;
}

const matcher = (label: string, value: string): string =>
  value.startsWith(patternMark) ? `${label}=~${quote(value.slice(patternMark.length))}` : `${label}=${quote(value)}`;

const quote = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
