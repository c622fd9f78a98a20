/** Texts that the parser would not survive, or not in time. A test that breaks here may end its whole process. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { renderProblem } from '../../src/documents/problem.js';
import { readDocument } from '../../src/documents/read-document.js';

const answer = (text: string): string => {
  const read = readDocument(text, 'a.yaml');
  return read.ok ? 'read' : read.problems.map((problem) => renderProblem(problem).replace('a.yaml:', '')).join('\n');
};

const deep = (place: string): string =>
  `${place}: is nested more than 64 levels deep here; that is no file of this kind`;
const steps = (count: number, key: string): string =>
  Array.from({ length: count }, (_, level) => `${' '.repeat(level)}${key}`).join('\n');

describe('nesting', () => {
  it.each<[what: string, text: string, said: string]>([
    ['64 lists', '['.repeat(64) + ']'.repeat(64), 'read'],
    ['65 lists', '['.repeat(65) + ']'.repeat(65), deep('1:65')],
    ['64 steps', steps(64, 'a:'), 'read'],
    ['65 steps', steps(65, 'a:'), deep('65:65')],
    ['lists without end', '['.repeat(500_000), deep('1:65')],
    ['mappings without end', '{a: '.repeat(200_000), deep('1:257')],
    ['lists on one line', '- '.repeat(500_000), deep('1:129')],
    ['keys of keys', '? '.repeat(500_000), deep('1:129')],
    ['values of values', 'a: '.repeat(300_000), deep('1:193')],
    ["lists behind texts that look like the lexer's own marks", '[\u001f'.repeat(100), deep('1:129')],
    ['steps into a list', `a:\n b:\n  c: ${'['.repeat(70)}`, deep('3:67')],
  ])('%s', (_, text, said) => {
    expect(answer(text)).toBe(said);
  });

  it.each<[what: string, text: string]>([
    ['brackets in texts', `a: |\n${'  [[[{{{- - -\n'.repeat(100)}b: "${'['.repeat(100)}"\nc: x${'['.repeat(100)}\n`],
    ['brackets in a comment', `# ${'['.repeat(100)}\na: 1`],
    ['entries side by side', `a:\n${'  - [{ b: [] }]\n'.repeat(1_000)}`],
    ['a long key', `${'k'.repeat(200)}: { a: 1 }`],
    ['Windows line ends', `\uFEFF${steps(60, 'a:').replaceAll('\n', '\r\n')}`],
  ])('does not count %s', (_, text) => {
    expect(answer(text)).toBe('read');
  });
});

describe('aliases', () => {
  it('of a file of people are read', () => {
    expect(answer(`a: &a 1\nb: [${'*a, '.repeat(40)}]`)).toBe('read');
  });

  it('are refused when there are many: each is looked for in the whole document', () => {
    expect(answer(`a: &a 1\nb: [${'*a, '.repeat(100_000)}]`)).toBe(
      '2:205: this is alias number 51, the most is 50; write the values out',
    );
  });
});

it('of a megabyte it is not read at all', () => {
  expect(answer(`name: ${'a'.repeat(1_100_000)}`)).toBe('1:1: is larger than a megabyte; that is no file of this kind');
});

it('what is read is what the library itself reads', () => {
  const part = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '- ',
    '? ',
    ': ',
    'a: ',
    'b',
    '\n',
    '\r\n',
    '  ',
    "'c'",
    '"d"',
    '|\n',
    '#',
    ',',
    '1',
  );
  let read = 0;
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 14 }), (parts) => {
      const text = parts.join('');
      const ours = readDocument(text, 'a.yaml');
      const library = parseDocument(text, { prettyErrors: false });
      if (library.errors.length > 0) expect(ours.ok).toBe(false);
      if (!ours.ok) return;
      read += 1;
      expect(ours.document.value).toEqual(library.toJS());
    }),
    { numRuns: 3_000 },
  );
  expect(read).toBeGreaterThan(100);
});

it('whatever is strung together is answered', () => {
  const part = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '- ',
    '? ',
    ': ',
    'a: ',
    '\n',
    ' ',
    '&a ',
    '*a ',
    '!t ',
    '"',
    "'",
    '|\n',
    '#',
    ',',
    '---\n',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 400 }), (parts, times) => {
      const said = answer(parts.join('').repeat(times));
      expect(said).not.toMatch(/undefined|Maximum call stack/);
    }),
    { numRuns: 300 },
  );
});
