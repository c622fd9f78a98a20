/** Whether the parts of a query fit together: the grammar takes `rate(x)`, a server does not. */
import type { SyntaxNode } from '@lezer/common';
import { bare, childrenOf, functionOf, operands, textOf, type Query } from './promql-tree.js';

export type ValueType = 'scalar' | 'vector' | 'range' | 'text';

const scalarFunctions: readonly string[] = ['Scalar', 'Time', 'Pi'];
/** Beside all that end in `_over_time`. */
const rangeFunctions: readonly string[] = [
  'Rate',
  'Irate',
  'Increase',
  'Delta',
  'Idelta',
  'Deriv',
  'Resets',
  'Changes',
  'PredictLinear',
  'DoubleExponentialSmoothing',
];

export function typeOf(wrapped: SyntaxNode): ValueType {
  const node = bare(wrapped);
  switch (node.name) {
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'StringLiteral':
      return 'text';
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return 'range';
    case 'FunctionCall':
      return scalarFunctions.includes(functionOf(node)) ? 'scalar' : 'vector';
    case 'BinaryExpr':
      return operands(node).every((side) => typeOf(side) === 'scalar') ? 'scalar' : 'vector';
    case 'UnaryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return operands(node).map(typeOf)[0] ?? 'vector';
    default:
      return 'vector';
  }
}

/** Null when they fit; else the first part that does not. For a query that parses. */
export function typeProblem(query: Query, node: SyntaxNode): string | null {
  const problem = problemHere(query, node);
  return problem ?? childrenOf(node).reduce<string | null>((found, child) => found ?? typeProblem(query, child), null);
}

function problemHere(query: Query, node: SyntaxNode): string | null {
  const shown = `"${textOf(query, node)}"`;
  const types = operands(node).map(typeOf);
  switch (node.name) {
    case 'PromQL':
      return types.includes('range') ? `${shown} is a range, not one number; put rate( ) or the like around it` : null;
    case 'FunctionCall':
      return argumentProblem(node, types, shown);
    case 'AggregateExpr':
      if (types.at(-1) === 'scalar') return `${shown} aggregates a number, and needs a metric`;
      return types.includes('range') ? rangeWhereNoneGoes(shown) : null;
    case 'BinaryExpr':
      if (['And', 'Or', 'Unless'].some((name) => node.getChild(name) !== null) && types.includes('scalar'))
        return `${shown} joins a metric with a number, and needs metrics on both sides`;
      return types.includes('range') ? rangeWhereNoneGoes(shown) : null;
    case 'UnaryExpr':
      return types.includes('range') ? rangeWhereNoneGoes(shown) : null;
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return rangeProblem(query, node, shown);
    default:
      return null;
  }
}

function argumentProblem(node: SyntaxNode, types: readonly ValueType[], shown: string): string | null {
  const name = functionOf(node);
  if (!rangeFunctions.includes(name) && !name.endsWith('OverTime'))
    return types.includes('range') ? rangeWhereNoneGoes(shown) : null;
  return types.includes('range') ? null : `${shown} needs a range: write [$window] after the metric's name`;
}

const rangeWhereNoneGoes = (shown: string): string =>
  `${shown} takes no range; put rate( ) or the like around what has the [ ]`;

function rangeProblem(query: Query, node: SyntaxNode, shown: string): string | null {
  if (node.name === 'MatrixSelector' && node.firstChild?.name !== 'VectorSelector')
    return `${shown}: only a metric can have a range; of anything else write a subquery, such as [$window:30s]`;
  // Older servers know neither bare seconds nor arithmetic here, newer ones only by a setting.
  const written = node.getChildren('DurationExpr').map((duration) => textOf(query, duration));
  const odd = written.find((duration) => duration !== '$window' && !/^(\d+(ms|[smhdwy]))+$/.test(duration));
  if (odd !== undefined) return `the range "${odd}" is no duration; write one such as 5m, or $window`;
  return written.some((duration) => /^(0+[a-z]+)+$/.test(duration)) ? `${shown} looks back no time at all` : null;
}
