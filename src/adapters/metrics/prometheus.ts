/** Numbers from a Prometheus-compatible server: PromQL over HTTP, one request a round where the server plays along. */
import type { Reading } from '../../core/sample.js';
import { askHttp } from '../ask-http.js';
import type { MetricsQuery, MetricsSource } from './metrics-source.js';
import { readAnswer, type Answer } from './prometheus-answer.js';
import { combine, split } from './prometheus-batch.js';
import { readQuery } from './prometheus-reading.js';

export interface PrometheusOptions {
  /** Of the server, with a path prefix if it has one; `/api/v1/query` is added. */
  readonly url: string;
  /** Of one request. A whole round takes at most twice as long. */
  readonly timeoutMs: number;
  /** A reading whose newest raw sample is older than this is `stale`. */
  readonly staleAfterMs: number;
  readonly credentials: PrometheusCredentials | null;
}

export type PrometheusCredentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

/** What a round of numbers needs is a few KiB; a megabyte is a query gone wrong. */
const limitBytes = 1_048_576;
/** The server gives up first, so that its own reason arrives. */
const graceMs = 500;
/** Queries at once when they are asked one by one. */
const lanes = 8;

interface Round {
  /** ISO instant of evaluation; null: the server's own now. */
  readonly at: string | null;
  readonly signal: AbortSignal | undefined;
}

export function openPrometheus(options: PrometheusOptions): MetricsSource {
  const { origin, pathname } = new URL(options.url);
  const server = `${origin}${pathname}`.replace(/\/+$/, '');
  const prometheus: Prometheus = { ...options, endpoint: `${server}/api/v1/query` };
  return {
    server,
    measure: (queries, at, measureOptions) => measure(prometheus, queries, { at, signal: measureOptions?.signal }),
    ready: async () => {
      const answer = await ask(prometheus, 'vector(time())', {
        round: { at: null, signal: undefined },
        limitMs: options.timeoutMs,
      });
      if (answer.kind === 'vector') return { ready: true, clockMs: clockIn(answer.series[0]?.raw ?? null) };
      const detail = answer.kind === 'unavailable' ? answer.detail : 'vector(time()) is no vector there';
      return { ready: false, detail };
    },
  };
}

/** Seconds, as a server spells them. A stand-in that answers every query alike has no clock. */
function clockIn(raw: string | null): number | null {
  const ms = Number(raw ?? 'none') * 1_000;
  return Number.isFinite(ms) && ms > year2000Ms ? ms : null;
}

const year2000Ms = Date.UTC(2000, 0, 1);

interface Prometheus extends PrometheusOptions {
  readonly endpoint: string;
}

async function measure(
  prometheus: Prometheus,
  queries: readonly MetricsQuery[],
  round: Round & { readonly at: string },
): Promise<ReadonlyMap<string, Reading>> {
  // Checks share expressions, such as the age of one metric: each is asked once.
  const parts = queries.flatMap(({ value, events, newest }) => [value, events, newest]);
  const expressions = [...new Set(parts.filter((part) => part !== undefined))];
  const answers = await answerAll(prometheus, expressions, round);
  const answerTo = (expression: string): Answer => answers.get(expression) ?? skipped;
  const rules = { atMs: Date.parse(round.at), staleAfterMs: prometheus.staleAfterMs };
  return new Map(queries.map((query) => [query.id, readQuery(query, answerTo, rules)]));
}

/** All at once. When that is refused, odd or comes with warnings, one by one, so that each gets a reason of its own. */
async function answerAll(
  prometheus: Prometheus,
  expressions: readonly string[],
  round: Round,
): Promise<ReadonlyMap<string, Answer>> {
  if (expressions.length < 2) return answerEach(prometheus, expressions, round);
  const together = await ask(prometheus, combine(expressions), { round, limitMs: prometheus.timeoutMs });
  if (together.kind === 'unavailable' && together.whole) return new Map(expressions.map((one) => [one, together]));
  return split(together, expressions) ?? answerEach(prometheus, expressions, round);
}

async function answerEach(
  prometheus: Prometheus,
  expressions: readonly string[],
  round: Round,
): Promise<ReadonlyMap<string, Answer>> {
  const answers = new Map<string, Answer>();
  const waiting = [...expressions];
  const endsAtMs = performance.now() + prometheus.timeoutMs;
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const limitMs = Math.floor(endsAtMs - performance.now());
      answers.set(next, limitMs < 1 ? skipped : await ask(prometheus, next, { round, limitMs }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, expressions.length) }, lane));
  return answers;
}

const skipped: Answer = {
  kind: 'unavailable',
  reason: 'timeout',
  detail: "the round's time was used up by slower queries",
  whole: false,
};

async function ask(
  { endpoint, credentials }: Prometheus,
  query: string,
  { round, limitMs }: { readonly round: Round; readonly limitMs: number },
): Promise<Answer> {
  const outcome = await askHttp({
    url: endpoint,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization(credentials) },
    body: new URLSearchParams({
      query,
      ...(round.at === null ? {} : { time: round.at }),
      timeout: `${limitMs}ms`,
    }).toString(),
    limitMs: limitMs + graceMs,
    limitBytes,
    ...(round.signal === undefined ? {} : { signal: round.signal }),
  });
  return readAnswer(outcome);
}

function authorization(credentials: PrometheusCredentials | null): Record<string, string> {
  if (credentials === null) return {};
  if (credentials.kind === 'bearer') return { authorization: `Bearer ${credentials.token}` };
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
}
