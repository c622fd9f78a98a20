/** A document's field for a duration: text such as `4s` or `10m`, milliseconds for code. */
import { z } from 'zod';
import { formatDuration, parseDuration } from './core/duration.js';

/** Both bounds are allowed. */
export function durationField({ leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number }) {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null && ms >= leastMs && ms <= mostMs) return ms;
    const allowed = `from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
    const message = `found "${text}"; write a duration ${allowed}, such as 500ms, 4s or 1m`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
