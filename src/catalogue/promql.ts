/** What can be said of a query without asking a server: whether it parses, is safe, and how far it looks back. */
import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import { parseDuration } from '../core/duration.js';

/** Stands for the window while a query is read; the asker fills in the real one. */
const fill = (text: string): string => text.replaceAll('$window', '5m');

/** Null when it parses; else what is wrong, and where in the query. */
export function promqlProblem(text: string): string | null {
  const query = fill(text);
  if (query.trim() === '') return 'the query is empty';
  let problem: string | null = null;
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (problem !== null || !type.isError) return;
      const near = query.slice(from, Math.max(to, from + 12)).trim();
      problem = `does not parse as PromQL at character ${from + 1}${near === '' ? ', where it ends too early' : `, near "${near}"`}`;
    },
  });
  return problem;
}

/** Null when it is safe; else what would go wrong at run time, and the safe spelling. */
export function unsafeProblem(text: string): string | null {
  const query = fill(text);
  let problem: string | null = null;
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (problem !== null || name !== 'BinaryExpr') return;
      const [left, right] = operands(node);
      if (left === null || right === null) return;
      if (node.getChild('Or') !== null && /^vector\s*\(/.test(textOf(query, right))) {
        problem = `"or ${textOf(query, right)}" turns "no data" into a number, so a dead target would pass; leave it out`;
      }
      if (node.getChild('Div') !== null) problem = unsafeRatio(query, left, right);
    },
  });
  return problem;
}

/** Milliseconds the query looks back by ranges and subqueries of its own; 0 for an instant one. `$window` does not count. */
export function longestRangeMs(text: string): number {
  let longest = 0;
  for (const [, range = ''] of text.matchAll(/\[\s*((?:\d+(?:ms|[smhdwy]))+)/g)) {
    const parts = range.match(/\d+(?:ms|[smhdwy])/g) ?? [];
    longest = Math.max(
      longest,
      parts.reduce((sum, part) => sum + (spelled(part) ?? 0), 0),
    );
  }
  return longest;
}

const spelled = (part: string): number | null => {
  const day = 86_400_000;
  if (part.endsWith('w')) return Number.parseInt(part, 10) * 7 * day;
  if (part.endsWith('y')) return Number.parseInt(part, 10) * 365 * day;
  return parseDuration(part);
};

function unsafeRatio(query: string, left: SyntaxNode, right: SyntaxNode): string | null {
  const [top, bottom] = [textOf(query, left), textOf(query, right)];
  if (!readsSeries(right)) return null;
  if (!isGuarded(right)) {
    return `without traffic "… / ${bottom}" is NaN; write … / (${bottom} > 0), which then gives nothing`;
  }
  const same = top.replaceAll(/[\s()]/g, '') === bottom.replaceAll(/[\s()]/g, '').replace(/>0$/, '');
  if (same || !readsSeries(left) || hasFallback(left)) return null;
  return `while no such event ever happened "${top}" is missing and the ratio gives nothing; write (${top} or 0 * …) / …`;
}

/** The two sides of an operator: its first and last expression. */
function operands(node: SyntaxNode): readonly [SyntaxNode | null, SyntaxNode | null] {
  return [node.firstChild, node.lastChild];
}

function some(node: SyntaxNode, matches: (name: string) => boolean): boolean {
  if (matches(node.name)) return true;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) if (some(child, matches)) return true;
  return false;
}

const readsSeries = (node: SyntaxNode): boolean => some(node, (name) => name === 'VectorSelector');

const inner = (node: SyntaxNode): SyntaxNode =>
  node.name === 'ParenExpr' && node.firstChild !== null ? inner(node.firstChild) : node;

const isGuarded = (node: SyntaxNode): boolean => {
  const within = inner(node);
  return within.name === 'BinaryExpr' && ['Gtr', 'Neq', 'Gte'].some((operator) => within.getChild(operator) !== null);
};

const hasFallback = (node: SyntaxNode): boolean => some(node, (name) => name === 'Or');

const textOf = (query: string, { from, to }: SyntaxNode): string => query.slice(from, to);
