/** Queries that parse, and would still say "all is well" when nothing is known, or nothing when all is well. */
import type { SyntaxNode } from '@lezer/common';
import { fromOneMetric, guardOf, isGuarded, readsNow } from './promql-guards.js';
import {
  bare,
  functionOf,
  isFilter,
  operands,
  parseQuery,
  readsSeries,
  someNode,
  textOf,
  type Query,
} from './promql-tree.js';

/** Null when it is safe; else what would go wrong, and the safe spelling. For a query that parses. */
export function unsafeProblem(text: string): string | null {
  const query = parseQuery(text);
  const { root } = query;
  if (root === null) return null;
  if (!readsSeries(root)) return 'the query reads no metric, so it would say the same whatever happens';
  if (!readsNow(query, root))
    return 'the query reads no metric as it is now: offset, @ and absent( ) alone say nothing of the present';
  if (isFilter(bare(root)))
    return 'a comparison gives nothing while it is false; leave it out, the limit stands in min or max';
  let problem: string | null = null;
  root.cursor().iterate(({ name, node }) => {
    if (name === 'BinaryExpr') problem ??= inventedNumber(query, node) ?? unsafeRatio(query, node);
  });
  return problem;
}

const standIns: Readonly<Record<string, string>> = { Or: 'or', Unless: 'unless', FillModifier: 'fill' };

/** A side that is there without data stands in for the side that is gone. */
function inventedNumber(query: Query, node: SyntaxNode): string | null {
  const [left, right] = operands(node);
  const word = Object.keys(standIns).find((name) => node.getChild(name) !== null);
  if (left === undefined || right === undefined || word === undefined) return null;
  // What was once counted stands in for the same time's failures: neither says anything of now.
  if (isPast(query, left) && isPast(query, right)) return null;
  const shown = standIns[word] ?? '';
  const so = 'makes a number out of no data, so a dead target would pass; leave it out';
  if (!readsNow(query, left)) return `"${textOf(query, left)} ${shown}" ${so}`;
  return word === 'Unless' || readsNow(query, right) ? null : `"${shown} ${textOf(query, right)}" ${so}`;
}

const isPast = (query: Query, node: SyntaxNode): boolean =>
  readsSeries(node) && !readsNow(query, node) && !someNode(node, (one) => functionOf(one).startsWith('Absent'));

function unsafeRatio(query: Query, node: SyntaxNode): string | null {
  const [top, bottom] = operands(node);
  if (node.getChild('Div') === null || top === undefined || bottom === undefined || !readsSeries(bottom)) return null;
  const guarded = guardOf(query, bottom) !== null || isGuarded(query, node, bottom);
  const complete = isComplete(query, top, bottom);
  if (guarded && complete) return null;
  const whole = guardOf(query, bottom) ?? bare(bottom);
  const safeTop = complete ? textOf(query, top) : `(${textOf(query, bare(top))} or 0 * ${textOf(query, whole)})`;
  const safe = `${safeTop} / ${guarded ? textOf(query, bottom) : `(${textOf(query, whole)} > 0)`}`;
  return guarded
    ? `as long as no such event ever happened, this ratio gives nothing; write ${safe}`
    : `without traffic this ratio is NaN or hides it; write ${safe}`;
}

/** It gives nothing only while there is no traffic. */
function isComplete(query: Query, top: SyntaxNode, bottom: SyntaxNode): boolean {
  const node = bare(top);
  if (!readsSeries(node) || isOr(node)) return true;
  if (!hasFilter(node) && fromOneMetric(query, node, bottom)) return true;
  const [left, right] = operands(node);
  if (node.name !== 'BinaryExpr' || left === undefined || right === undefined) return false;
  // A safe ratio beside another one, such as now and a day ago.
  if (node.getChild('Div') !== null) return guardOf(query, right) !== null && isComplete(query, left, right);
  return !readsSeries(left) && node.getChild('Sub') !== null && isComplete(query, right, bottom);
}

const isOr = (node: SyntaxNode): boolean => node.name === 'BinaryExpr' && node.getChild('Or') !== null;
const hasFilter = (node: SyntaxNode): boolean => someNode(node, isFilter);
