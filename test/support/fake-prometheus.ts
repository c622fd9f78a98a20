/** An HTTP server that answers queries like Prometheus, with numbers that a test can change. */
import { answerJson, openLocalServer } from './local-server.js';

export interface FakePrometheus {
  readonly url: string;
  /** What every query is answered with from now on; by the query's text if it must be. */
  answer(value: number | ((expression: string) => number)): void;
  close(): Promise<void>;
}

export async function openFakePrometheus(value = 1): Promise<FakePrometheus> {
  let valueOf: (expression: string) => number = () => value;
  const server = await openLocalServer((response, { body }) => {
    const now = Date.now() / 1_000;
    const result = expressionsOf(new URLSearchParams(body).get('query') ?? '').map(({ expression, metric }) => ({
      metric,
      value: [now, String(valueOf(expression))],
    }));
    answerJson(response, { status: 'success', data: { resultType: 'vector', result } });
  });
  return {
    url: server.url,
    answer: (next) => {
      valueOf = typeof next === 'number' ? () => next : next;
    },
    close: () => server.close(),
  };
}

/** A batch is a chain of marked expressions; anything else is one expression. */
function expressionsOf(query: string): { expression: string; metric: Record<string, string> }[] {
  const marked = [...query.matchAll(/label_replace\(\((.*?)\n\), "(\w+)", "(\d+)", "", ""\)/gs)];
  if (marked.length === 0) return [{ expression: query, metric: {} }];
  return marked.map(([, expression = '', mark = '', index = '']) => ({ expression, metric: { [mark]: index } }));
}
