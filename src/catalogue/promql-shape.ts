/** Whether a query can give more than one series: a check needs one number, and takes several for none. */
import type { SyntaxNode } from '@lezer/common';
import { bare, parseQuery } from './promql.js';

const manyByNature: readonly string[] = ['Topk', 'Bottomk', 'CountValues', 'LimitK', 'LimitRatio'];
const oneByNature: readonly string[] = ['Scalar', 'Vector', 'Time', 'Pi', 'Absent', 'AbsentOverTime'];

export function mayGiveSeveral(query: string): boolean {
  const { root } = parseQuery(query);
  return root !== null && several(root);
}

function several(wrapped: SyntaxNode): boolean {
  const node = bare(wrapped);
  switch (node.name) {
    case 'AggregateExpr':
      return grouped(node) || manyByNature.some((name) => node.getChild('AggregateOp')?.getChild(name) != null);
    case 'BinaryExpr':
      if (node.getChild('Or') !== null) return operands(node).some(several);
      if (node.getChild('And') !== null || node.getChild('Unless') !== null)
        return operands(node).slice(0, 1).some(several);
      return operands(node).every((side) => several(side) || isNumber(side));
    case 'UnaryExpr':
      return node.lastChild !== null && several(node.lastChild);
    case 'FunctionCall':
      return severalFrom(node);
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return false;
    default:
      return true;
  }
}

/** By labels; `by ()` is one, `without ()` as many as before. */
function grouped(node: SyntaxNode): boolean {
  const modifier = node.getChild('AggregateModifier');
  if (modifier === null) return false;
  return modifier.getChild('Without') !== null || modifier.getChild('GroupingLabels')?.firstChild != null;
}

function severalFrom(node: SyntaxNode): boolean {
  const name = node.getChild('FunctionIdentifier')?.firstChild?.name ?? '';
  if (oneByNature.includes(name)) return false;
  const inside = operands(node.getChild('FunctionCallBody'));
  // Its quantiles are what the buckets are grouped by besides.
  if (name === 'HistogramQuantile') return inside.some((argument) => several(argument) && !groupedByBucket(argument));
  return inside.some(several);
}

function groupedByBucket(node: SyntaxNode): boolean {
  const labels = bare(node).getChild('AggregateModifier')?.getChild('GroupingLabels');
  return (
    labels?.getChildren('LabelName').length === 1 && bare(node).getChild('AggregateModifier')?.getChild('By') != null
  );
}

function operands(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling)
    if (/Expr$|Call$|Literal$|Selector$/.test(child.name)) found.push(child);
  return found;
}

const isNumber = (node: SyntaxNode): boolean => bare(node).name === 'NumberDurationLiteral';
