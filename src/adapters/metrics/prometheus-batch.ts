/** Many expressions as one query: each is marked with a label, and the marks tell the answers apart again. */
import type { Answer, Series } from './prometheus-answer.js';

const mark = 'holdpoint_query';

/** The mark is a number: whatever a check is called, it cannot change the query. A line break ends a trailing comment. */
export function combine(expressions: readonly string[]): string {
  return expressions
    .map((expression, index) => `label_replace((${expression}\n), "${mark}", "${index}", "", "")`)
    .join(' or ');
}

/** Null when the answer is not one of ours, such as a series without a mark. */
export function split(answer: Answer, expressions: readonly string[]): ReadonlyMap<string, Answer> | null {
  if (answer.kind !== 'vector') return null;
  const found = new Map<string, Series[]>(expressions.map((expression) => [expression, []]));
  for (const { labels, raw } of answer.series) {
    const { [mark]: index, ...own } = labels;
    const expression = expressions[Number(index ?? Number.NaN)];
    if (expression === undefined) return null;
    found.get(expression)?.push({ labels: own, raw });
  }
  return new Map([...found].map(([expression, series]) => [expression, { kind: 'vector', series }]));
}
