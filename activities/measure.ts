/** Asking the metrics source: checks in, samples out, at one instant. */
import { askedId, type AskedCheck } from '../src/core/ask-checks.js';
import type { Sample } from '../src/core/sample.js';
import type { MetricsSource } from '../src/adapters/metrics/metrics-source.js';

/** `at`: ISO instant every query is evaluated at. */
export async function measure(
  metrics: MetricsSource,
  asked: readonly AskedCheck[],
  { at, signal }: { readonly at: string; readonly signal?: AbortSignal },
): Promise<Sample[]> {
  if (asked.length === 0) return [];
  const queries = asked.map((one) => ({ id: askedId(one), ...one.queries }));
  const readings = await metrics.measure(queries, at, signal === undefined ? {} : { signal });
  return asked.map((one) => ({
    check: one.check,
    scope: one.scope,
    at,
    windowMs: one.windowMs,
    reading: readings.get(askedId(one)) ?? {
      kind: 'unavailable',
      reason: 'unreachable',
      detail: 'the source skipped it',
    },
  }));
}
