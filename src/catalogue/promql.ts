/** Whether a query is PromQL, without asking a server. */
import { textProblem } from './promql-texts.js';
import { parseQuery, type Query } from './promql-tree.js';
import { typeProblem } from './promql-types.js';

/** Null when a server would take it; else what is wrong, and where in the query. */
export function promqlProblem(text: string): string | null {
  const query = parseQuery(text);
  return syntaxProblem(query) ?? typeProblem(query, query.top) ?? textProblem(query, query.top);
}

function syntaxProblem({ text, top, root }: Query): string | null {
  let from: number | null = null;
  top.cursor().iterate((node) => {
    if (node.type.isError) from ??= node.from;
  });
  if (from === null) return null;
  if (root === null && text.trim() === '') return 'the query is empty';
  const rest = text.slice(from, from + 12).trim();
  return `this is no PromQL from character ${from + 1} on${rest === '' ? ', where it ends too early' : `, at "${rest}"`}`;
}
