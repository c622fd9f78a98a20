/** PromQL as a tree: what the parts of a query are, without asking a server. */
import { createRequire } from 'node:module';
import type { SyntaxNode } from '@lezer/common';
import type * as lezerPromql from '@prometheus-io/lezer-promql';

/** Loaded with the first query: `holdpoint check` is quick, and most plans have no query of their own. */
let loaded: typeof lezerPromql | undefined;
const grammar = (): typeof lezerPromql =>
  (loaded ??= createRequire(import.meta.url)('@prometheus-io/lezer-promql') as typeof lezerPromql);

/** Five minutes, spelled as long as the placeholder: places in the tree are places in what the person wrote. */
const filling = '000300s';

export interface Query {
  /** As it was written, with `$window`. */
  readonly text: string;
  readonly top: SyntaxNode;
  /** The whole expression; null when there is none. */
  readonly root: SyntaxNode | null;
}

export function parseQuery(text: string): Query {
  const top = grammar().parser.parse(text.replaceAll('$window', filling)).topNode;
  return { text, top, root: firstPart(top) };
}

function firstPart(top: SyntaxNode): SyntaxNode | null {
  for (let part = top.firstChild; part !== null; part = part.nextSibling)
    if (!part.type.isError && part.name !== 'LineComment') return part;
  return null;
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

export const someNode = (node: SyntaxNode, matches: (node: SyntaxNode) => boolean): boolean =>
  matches(node) || childrenOf(node).some((child) => someNode(child, matches));

export const textOf = ({ text }: Query, { from, to }: SyntaxNode): string => text.slice(from, to);

/** Without the parentheses around it. */
export const bare = (node: SyntaxNode): SyntaxNode =>
  node.name === 'ParenExpr' && node.firstChild !== null ? bare(node.firstChild) : node;

/** The two sides of an operator, or the arguments of a function or an aggregation. */
export const operands = (node: SyntaxNode): SyntaxNode[] =>
  (node.getChild('FunctionCallBody') ?? node).getChildren('Expr');

/** Such as `Rate`; empty for what is no function call. */
export const functionOf = (node: SyntaxNode): string => node.getChild('FunctionIdentifier')?.firstChild?.name ?? '';

export const readsSeries = (node: SyntaxNode): boolean => someNode(node, ({ name }) => name === 'VectorSelector');

/** Leaves out what does not compare, unless it says `bool`. */
export const isFilter = (node: SyntaxNode): boolean =>
  node.name === 'BinaryExpr' &&
  node.getChild('BoolModifier') === null &&
  ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'].some((operator) => node.getChild(operator) !== null);
