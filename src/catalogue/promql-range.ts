/** How far back a query looks by itself. */
import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '../core/duration.js';
import { childrenOf, parseQuery, textOf, type Query } from './promql-tree.js';

const dayMs = 86_400_000;

/**
 * By its own ranges and subqueries, one inside the other; 0 for an instant query. `$window` does not count, and
 * neither does an offset: what it reads is there to compare with.
 */
export function longestRangeMs(text: string): number {
  const query = parseQuery(text);
  return reachOf(query, query.top);
}

function reachOf(query: Query, node: SyntaxNode): number {
  const inside = Math.max(0, ...childrenOf(node).map((child) => reachOf(query, child)));
  // Of a subquery the first is its range, the second its step.
  const range = node.name === 'MatrixSelector' || node.name === 'SubqueryExpr' ? node.getChild('DurationExpr') : null;
  return inside + (range === null ? 0 : toMs(textOf(query, range)));
}

const toMs = (range: string): number =>
  (range.match(/\d+(?:ms|[smhdwy])/g) ?? []).reduce((sum, part) => sum + partMs(part), 0);

function partMs(part: string): number {
  const count = Number.parseInt(part, 10);
  if (part.endsWith('w')) return count * 7 * dayMs;
  if (part.endsWith('y')) return count * 365 * dayMs;
  return parseDuration(part) ?? 0;
}
