/** An HTTP server that answers queries like Prometheus, with numbers that a test can change. */
import { answerJson, openLocalServer, type Answerer } from './local-server.js';

export interface FakePrometheus {
  readonly url: string;
  /** What every query is answered with from now on; by the query's text if it must be. Null: no data. */
  answer(value: number | ((expression: string) => number | null)): void;
  /** How far its clock is ahead from now on. */
  setClock(aheadMs: number): void;
  /** How often it was asked. */
  asks(): number;
  /** Every question with that text in it is left to `answerer`, whatever it does with it. */
  leave(text: string, answerer: Answerer): void;
  close(): Promise<void>;
}

export async function openFakePrometheus(value = 1): Promise<FakePrometheus> {
  let valueOf: (expression: string) => number | null = () => value;
  let aheadMs = 0;
  const left = new Map<string, Answerer>();
  const server = await openLocalServer((response, request) => {
    const { body } = request;
    const [, other] = [...left].find(([text]) => body.includes(text)) ?? [];
    if (other !== undefined) {
      other(response, request);
      return;
    }
    const now = (Date.now() + aheadMs) / 1_000;
    const result = expressionsOf(new URLSearchParams(body).get('query') ?? '').flatMap(({ expression, metric }) => {
      const one = expression === 'vector(time())' ? now : valueOf(expression);
      return one === null ? [] : [{ metric, value: [now, String(one)] }];
    });
    answerJson(response, { status: 'success', data: { resultType: 'vector', result } });
  });
  return {
    url: server.url,
    answer: (next) => {
      valueOf = typeof next === 'number' ? () => next : next;
    },
    setClock: (ms) => {
      aheadMs = ms;
    },
    asks: () => server.seen.length,
    leave: (text, answerer) => left.set(text, answerer),
    close: () => server.close(),
  };
}

/** A batch is a chain of marked expressions; anything else is one expression. */
function expressionsOf(query: string): { expression: string; metric: Record<string, string> }[] {
  const marked = [...query.matchAll(/label_replace\(\((.*?)\n\), "(\w+)", "(\d+)", "", ""\)/gs)];
  if (marked.length === 0) return [{ expression: query, metric: {} }];
  return marked.map(([, expression = '', mark = '', index = '']) => ({ expression, metric: { [mark]: index } }));
}
