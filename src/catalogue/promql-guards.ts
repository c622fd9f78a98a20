/** What a query says about missing data: guards against no traffic, and parts that are there whatever happens. */
import type { SyntaxNode } from '@lezer/common';
import { bare, childrenOf, functionOf, isFilter, operands, someNode, textOf, type Query } from './promql-tree.js';

/** What `… > 0` leaves out while it is 0; null when the node is no such guard. */
export function guardOf(query: Query, wrapped: SyntaxNode): SyntaxNode | null {
  const node = bare(wrapped);
  const [guarded, bound] = operands(node);
  if (!isFilter(node) || guarded === undefined || bound === undefined) return null;
  const least = Number(textOf(query, bare(bound)));
  const holds =
    (node.getChild('Gtr') !== null && least >= 0) ||
    (node.getChild('Gte') !== null && least > 0) ||
    (node.getChild('Neq') !== null && least === 0);
  return holds ? guarded : null;
}

/** Whether an `and … > 0` around the ratio guards its bottom. */
export function isGuarded(query: Query, ratio: SyntaxNode, bottom: SyntaxNode): boolean {
  for (let inner = ratio, outer = inner.parent; outer !== null; inner = outer, outer = inner.parent) {
    const [left, right] = operands(outer);
    if (outer.getChild('And') === null || left?.from !== inner.from || right === undefined) continue;
    const guarded = guardOf(query, right);
    if (guarded !== null && plain(query, guarded) === plain(query, bottom)) return true;
  }
  return false;
}

const plain = (query: Query, node: SyntaxNode): string => textOf(query, bare(node)).replaceAll(/\s/g, '');

/** Whether it needs a series of now to give something: `absent( )`, an offset or a fixed instant need none. */
export function readsNow(query: Query, node: SyntaxNode): boolean {
  if (node.name === 'VectorSelector') return true;
  if (functionOf(node).startsWith('Absent')) return false;
  if (node.name === 'StepInvariantExpr' && node.getChild('NumberDurationLiteral') !== null) return false;
  const offset = node.name === 'OffsetExpr' ? node.getChild('OffsetDurationExpr') : null;
  if (offset !== null && !textOf(query, offset).startsWith('-')) return false;
  return childrenOf(node).some((child) => readsNow(query, child));
}

/** The sum and the count of one histogram come and go together, and so does a metric with itself. */
export function fromOneMetric(query: Query, top: SyntaxNode, bottom: SyntaxNode): boolean {
  const [tops = [], bottoms = []] = [top, bottom].map((node) => selectorsOf(query, node));
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
