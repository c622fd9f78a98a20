/** PromQL as a tree: whether it parses, and what its parts are, without asking a server. */
import { createRequire } from 'node:module';
import type { SyntaxNode } from '@lezer/common';
import type * as lezerPromql from '@prometheus-io/lezer-promql';

/** Loaded with the first query: `holdpoint check` is quick, and most plans have no query of their own. */
let loaded: typeof lezerPromql | undefined;
const grammar = (): typeof lezerPromql =>
  (loaded ??= createRequire(import.meta.url)('@prometheus-io/lezer-promql') as typeof lezerPromql);

export interface Query {
  /** With a window in place of `$window`. */
  readonly text: string;
  readonly top: SyntaxNode;
  /** The whole expression; null when there is none. */
  readonly root: SyntaxNode | null;
}

export function parseQuery(query: string): Query {
  const text = query.replaceAll('$window', '5m');
  const top = grammar().parser.parse(text).topNode;
  return { text, top, root: firstPart(top) };
}

function firstPart(top: SyntaxNode): SyntaxNode | null {
  for (let part = top.firstChild; part !== null; part = part.nextSibling)
    if (!part.type.isError && part.name !== 'LineComment') return part;
  return null;
}

/** Null when it parses; else what is wrong, and where in the query. */
export function promqlProblem(query: string): string | null {
  const { text, top, root } = parseQuery(query);
  let from: number | null = null;
  top.cursor().iterate((node) => {
    if (node.type.isError) from ??= node.from;
  });
  if (from === null) return null;
  if (root === null && text.trim() === '') return 'the query is empty';
  const rest = text.slice(from, from + 12).trim();
  return `this is no PromQL from character ${from + 1} on${rest === '' ? ', where it ends too early' : `, at "${rest}"`}`;
}

export function someNode(node: SyntaxNode, matches: (node: SyntaxNode) => boolean): boolean {
  if (matches(node)) return true;
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (someNode(child, matches)) return true;
  return false;
}

export const textOf = ({ text }: Query, { from, to }: SyntaxNode): string => text.slice(from, to);

/** Without the parentheses around it. */
export const bare = (node: SyntaxNode): SyntaxNode =>
  node.name === 'ParenExpr' && node.firstChild !== null ? bare(node.firstChild) : node;

export const readsSeries = (node: SyntaxNode): boolean => someNode(node, ({ name }) => name === 'VectorSelector');

/** Leaves out what does not compare, unless it says `bool`. */
export const isFilter = (node: SyntaxNode): boolean =>
  node.name === 'BinaryExpr' &&
  node.getChild('BoolModifier') === null &&
  ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'].some((operator) => node.getChild(operator) !== null);
