/** Queries that parse, and would still say "all is well" when nothing is known, or nothing when all is well. */
import type { SyntaxNode } from '@lezer/common';
import { bare, isFilter, parseQuery, readsSeries, someNode, textOf, type Query } from './promql.js';

/** Null when it is safe; else what would go wrong, and the safe spelling. For a query that parses. */
export function unsafeProblem(text: string): string | null {
  const query = parseQuery(text);
  const { root } = query;
  if (root === null) return null;
  if (!readsSeries(root)) return 'the query reads no metric, so it would say the same whatever happens';
  if (isFilter(bare(root)))
    return 'a comparison gives nothing while it is false; leave it out, the limit stands in min or max';
  let problem: string | null = null;
  root.cursor().iterate(({ name, node }) => {
    if (problem !== null || name !== 'BinaryExpr') return;
    problem = node.getChild('Or') === null ? unsafeRatio(query, node) : inventedNumber(query, node);
  });
  return problem;
}

function inventedNumber(query: Query, { lastChild }: SyntaxNode): string | null {
  if (lastChild === null || readsSeries(lastChild)) return null;
  return `"or ${textOf(query, lastChild)}" makes a number out of no data, so a dead target would pass; leave it out`;
}

function unsafeRatio(query: Query, node: SyntaxNode): string | null {
  const { firstChild: top, lastChild: bottom } = node;
  if (node.getChild('Div') === null || top === null || bottom === null || !readsSeries(bottom)) return null;
  const guarded = isFilter(bare(bottom));
  const complete = !readsSeries(top) || isOr(bare(top)) || fromOneMetric(query, top, bottom);
  if (guarded && complete) return null;
  const whole = guarded ? (bare(bottom).firstChild ?? bottom) : bottom;
  const safeTop = complete ? textOf(query, top) : `(${textOf(query, bare(top))} or 0 * ${textOf(query, whole)})`;
  const safe = `${safeTop} / ${guarded ? textOf(query, bottom) : `(${textOf(query, bare(whole))} > 0)`}`;
  return guarded
    ? `as long as no such event ever happened, this ratio gives nothing; write ${safe}`
    : `without traffic this ratio is NaN or hides it; write ${safe}`;
}

const isOr = (node: SyntaxNode): boolean => node.name === 'BinaryExpr' && node.getChild('Or') !== null;

/** The sum and the count of one histogram come and go together, and so does a metric with itself. */
function fromOneMetric(query: Query, top: SyntaxNode, bottom: SyntaxNode): boolean {
  const names = [top, bottom].map((node) => selectorsOf(query, node));
  const [tops = [], bottoms = []] = names;
  const stem = (selector: string): string => selector.replace(/_(sum|count)(?=$|\{)/, '');
  return tops.every((selector) => bottoms.some((other) => stem(other) === stem(selector)));
}

function selectorsOf(query: Query, node: SyntaxNode): string[] {
  const found: string[] = [];
  someNode(node, (inner) => {
    if (inner.name === 'VectorSelector') found.push(textOf(query, inner).replaceAll(/\s/g, ''));
    return false;
  });
  return found;
}
