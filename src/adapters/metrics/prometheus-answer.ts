/** What a Prometheus-compatible server said to one query: its reply read and classified, not yet judged. */
import { z } from 'zod';
import type { UnavailableReason } from '../../core/sample.js';
import { excerpt, type HttpOutcome } from '../ask-http.js';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** As the server spelled it; null for a native histogram, which has no single value. */
  readonly raw: string | null;
}

export type Answer =
  | { readonly kind: 'vector'; readonly series: readonly Series[] }
  | { readonly kind: 'not-a-vector'; readonly type: string }
  | {
      readonly kind: 'unavailable';
      readonly reason: UnavailableReason;
      readonly detail: string;
      /** The trouble is the server's, not the query's: asking again in smaller pieces would not help. */
      readonly whole: boolean;
    };

const good = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]).optional(),
        }),
      ),
    }),
    z.object({ resultType: z.enum(['scalar', 'matrix', 'string']) }),
  ]),
});
const bad = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

const unavailable = (reason: UnavailableReason, detail: string, whole: boolean): Answer => ({
  kind: 'unavailable',
  reason,
  detail,
  whole,
});

export function readAnswer(outcome: HttpOutcome): Answer {
  if (outcome.kind === 'trouble') return readTrouble(outcome);
  const { status, text } = outcome;
  const json = parseJson(text);
  const refusal = bad.safeParse(json);
  if (refusal.success) return readRefusal(status, refusal.data);
  if (status >= 300 && status < 400) {
    const to = outcome.location === null ? 'elsewhere' : `to ${excerpt(withoutSecrets(outcome.location), 100)}`;
    return unavailable(
      'http-error',
      `it redirects ${to}; redirects are not followed, put the final address into the configuration`,
      true,
    );
  }
  if (status !== 200) return unavailable('http-error', `status ${status}: ${quote(text)}`, isWhole(status));
  if (json === undefined) return unavailable('not-json', `it answered something else than JSON: ${quote(text)}`, true);
  const answer = good.safeParse(json);
  if (!answer.success) return unavailable('not-json', `it answered JSON that is no query result: ${quote(text)}`, true);
  const { data, warnings = [] } = answer.data;
  if (warnings.length > 0) return unavailable('partial', excerpt(warnings.join('; '), 300), false);
  if (data.resultType !== 'vector') return { kind: 'not-a-vector', type: data.resultType };
  return {
    kind: 'vector',
    series: data.result.map(({ metric, value }) => ({ labels: metric, raw: value?.[1] ?? null })),
  };
}

function readTrouble({ reason, detail }: Extract<HttpOutcome, { kind: 'trouble' }>): Answer {
  if (reason === 'stopped') return unavailable('timeout', detail, true);
  return unavailable(reason, detail, reason === 'unreachable');
}

function readRefusal(status: number, { errorType, error }: z.infer<typeof bad>): Answer {
  const detail = `${errorType}: ${excerpt(error, 300)}`;
  if (errorType === 'timeout') return unavailable('timeout', detail, false);
  // 422 is how an execution error comes, such as a many-to-many match.
  if (status === 400 || status === 422) return unavailable('bad-query', detail, false);
  return unavailable('http-error', `status ${status}, ${detail}`, isWhole(status));
}

/** One query can make a server fail or a gateway give up (500, 502, 504); a server that is not in service says 503. */
const isWhole = (status: number): boolean => status < 500 || status === 503;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const quote = (text: string): string => (text.trim() === '' ? 'an empty body' : `"${excerpt(text, 80)}"`);

function withoutSecrets(location: string): string {
  if (!URL.canParse(location)) return location.split('?')[0] ?? '';
  const { origin, pathname } = new URL(location);
  return `${origin}${pathname}`;
}
