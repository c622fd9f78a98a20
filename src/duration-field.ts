/** A document's field for a duration: text such as `4s` or `10m`, milliseconds for code. */
import { z } from 'zod';
import { formatDuration, parseDuration } from './core/duration.js';
import { show } from './documents/explain-issue.js';

const examples = ['500ms', '4s', '1m', '10m', '4h', '-4h'] as const;

/** Both bounds are allowed. */
export function durationField({ leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number }) {
  const fits = (text: string): boolean => {
    const ms = parseDuration(text);
    return ms !== null && ms >= leastMs && ms <= mostMs;
  };
  const wanted = `write a duration from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}, such as ${examples.filter(fits).join(' or ')}`;
  return z
    .string({
      error: ({ input }) => (input === undefined ? `is missing; ${wanted}` : `found ${show(input)}; ${wanted}`),
    })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== null && fits(text)) return ms;
      context.addIssue({ code: 'custom', message: `found "${text}"; ${wanted}` });
      return z.NEVER;
    });
}
