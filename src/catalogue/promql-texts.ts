/** The quoted texts of a query: the grammar takes any, a server refuses odd escapes and wrong patterns. */
import type { SyntaxNode } from '@lezer/common';
import { patternProblem } from './pattern.js';
import { childrenOf, textOf, type Query } from './promql-tree.js';

/** Null when all are right; else what is wrong with the first that is not. For a query that parses. */
export function textProblem(query: Query, node: SyntaxNode): string | null {
  if (node.name === 'StringLiteral') return escapeProblem(textOf(query, node));
  const inside = childrenOf(node).reduce<string | null>((found, child) => found ?? textProblem(query, child), null);
  return inside ?? matcherProblem(query, node);
}

function escapeProblem(literal: string): string | null {
  const quote = literal.charAt(0);
  if (quote === '`') return null;
  if (literal.length < 2 || !literal.endsWith(quote)) return `the text ${literal} has no closing ${quote}`;
  for (const [escape, character = ''] of literal.matchAll(/\\(.)/gs))
    if (!'abfnrtv\\xuU01234567'.includes(character) && character !== quote)
      return `the text ${literal} has the unknown escape ${escape}; write \\${escape} for a backslash`;
  return null;
}

function matcherProblem(query: Query, node: SyntaxNode): string | null {
  const operator = node.getChild('MatchOp');
  const literal = node.getChild('StringLiteral');
  if (operator === null || literal === null) return null;
  if (operator.getChild('EqlRegex') === null && operator.getChild('NeqRegex') === null) return null;
  const problem = patternProblem(unquote(textOf(query, literal)));
  return problem === null ? null : `the pattern ${textOf(query, literal)} ${problem}`;
}

const control: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unquote(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  return inside.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs, (_, escape: string) => {
    if (escape.length === 1) return control[escape] ?? escape;
    const code = /^\d/.test(escape) ? Number.parseInt(escape, 8) : Number.parseInt(escape.slice(1), 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\u{FFFD}';
  });
}
