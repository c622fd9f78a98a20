/** Whether a query can give more than one series: a check needs one number, and takes several for none. */
import type { SyntaxNode } from '@lezer/common';
import { bare, functionOf, operands, parseQuery } from './promql-tree.js';
import { typeOf } from './promql-types.js';

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
      return severalFromSides(node);
    case 'UnaryExpr':
      return operands(node).some(several);
    case 'FunctionCall':
      return severalFromArguments(node);
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

function severalFromSides(node: SyntaxNode): boolean {
  const sides = operands(node);
  if (node.getChild('Or') !== null) return sides.some(several);
  if (node.getChild('And') !== null || node.getChild('Unless') !== null) return sides.slice(0, 1).some(several);
  const matching = node.getChild('MatchingModifierClause');
  if (matching?.getChild('GroupLeft') != null) return sides.slice(0, 1).some(several);
  if (matching?.getChild('GroupRight') != null) return sides.slice(1).some(several);
  // One to one: as many as the smaller side has. A plain number is no side.
  return (
    sides.some((side) => typeOf(side) !== 'scalar') && sides.every((side) => typeOf(side) === 'scalar' || several(side))
  );
}

function severalFromArguments(node: SyntaxNode): boolean {
  const name = functionOf(node);
  if (oneByNature.includes(name)) return false;
  if (name === 'HistogramQuantiles') return true;
  // What they give is what the buckets are grouped by besides.
  if (name === 'HistogramQuantile' || name === 'HistogramFraction')
    return operands(node).some((argument) => several(argument) && !groupedByBucket(argument));
  return operands(node).some(several);
}

function groupedByBucket(node: SyntaxNode): boolean {
  const modifier = bare(node).getChild('AggregateModifier');
  return modifier?.getChild('By') != null && modifier.getChild('GroupingLabels')?.getChildren('LabelName').length === 1;
}
