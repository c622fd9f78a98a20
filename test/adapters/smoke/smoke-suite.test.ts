/** What a suite's file may say, and how an answer is compared with what it expects. */
import { describe, expect, it } from 'vitest';
import { checkSmokeSuite } from '../../../src/adapters/smoke/load-smoke-suite.js';
import { pointAt } from '../../../src/adapters/json-pointer.js';
import { findDifference } from '../../../src/adapters/smoke/match-json.js';
import { renderProblem } from '../../../src/documents/problem.js';

const good = `kind: SmokeSuite
baseUrl: http://127.0.0.1:8080
steps:
  - id: health
    request: { method: GET, path: "/healthz" }
    expect: { status: 200 }
`;

function problemsOf(text: string): string[] {
  const checked = checkSmokeSuite(text, 's.yaml');
  return checked.ok ? [] : checked.problems.map(renderProblem);
}

describe('a suite file', () => {
  it('may leave out what has a default', () => {
    expect(checkSmokeSuite(good, 's.yaml')).toMatchObject({
      ok: true,
      suite: {
        within: 60_000,
        steps: [{ always: false, save: {}, expect: { within: 10_000 }, request: { headers: {} } }],
      },
    });
  });

  it.each<[string, string, readonly (string | RegExp)[]]>([
    [
      'case 63: no steps',
      good.replace(/steps:[^]*/, 'steps: []'),
      [
        /^s\.yaml:3:1: steps: found an empty list; a suite that asks nothing proves nothing\. Give a first step, such as \{ id: health, /,
      ],
    ],
    [
      'not a word of steps',
      good.replace(/steps:[^]*/, ''),
      [/^s\.yaml:1:1: steps: are missing; a suite that asks nothing proves nothing\. Give a first step, such as /],
    ],
    ['a method nobody knows', good.replace('GET', 'FETCH'), [/^s\.yaml:5:24: .*found "FETCH"; allowed: GET, HEAD,/]],
    ['a path that is no path', good.replace('/healthz', 'healthz'), [/^s\.yaml:5:35: .*found "healthz"/]],
    ['a status that is none', good.replace('200', '20'), [/^s\.yaml:6:23: .*found 20; give a number of at least 100$/]],
    [
      'a limit without a unit',
      good.replace('200', '200, within: "5"'),
      [/found "5"; write a duration from 1 ms to 1 min/],
    ],
    [
      'a placeholder in braces without quotes',
      good.replace('"/healthz"', '/${saved.id}'),
      [
        's.yaml:5:37: this is no YAML from here on (Unexpected flow-map-start at node end); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes',
      ],
    ],
    [
      'a placeholder nobody knows',
      good.replace('/healthz', '/${run.name}'),
      [/"\$\{run\.name\}" is unknown here; write \$\{run\.id\} or \$\{saved\.<name>\}; environment variables belong/],
    ],
    [
      'a secret in a path',
      good.replace('/healthz', '/x?key=${TOKEN}'),
      [/"\$\{TOKEN\}" is unknown here; .*environment variables belong into baseUrl and headers only$/],
    ],
    [
      'a value that no earlier step saves',
      good.replace('/healthz', '/${saved.reportId}'),
      [
        's.yaml:4:5: no earlier step saves "${saved.reportId}"; known here are ${run.id}. An earlier step needs save: { reportId: /json/pointer }',
      ],
    ],
    [
      'an id twice',
      `${good}${good.slice(good.indexOf('  - id'))}`,
      ['s.yaml:7:9: the id "health" is taken by an earlier step; give this one its own'],
    ],
    [
      'several problems: all at once, in order',
      good.replace('GET', 'get').replace('status', 'code'),
      [/^s\.yaml:5:24: /, /^s\.yaml:6:(5|13): .*status/, /^s\.yaml:6:15: unknown key "code"/],
    ],
  ])('with %s is refused', (_, text, problems) => {
    const found = problemsOf(text);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) {
      if (typeof problem === 'string') expect(found[index]).toBe(problem);
      else expect(found[index]).toMatch(problem);
    }
  });
});

describe('an answer', () => {
  it.each<[what: string, expected: unknown, got: unknown, difference: string | null]>([
    ['the same', { a: [1, 'x', null] }, { a: [1, 'x', null] }, null],
    ['more than expected', { a: 1 }, { a: 1, b: 2 }, null],
    ['nothing in particular', {}, { a: 1 }, null],
    ['another number', { a: { b: 1 } }, { a: { b: 2 } }, 'expected /a/b to be 1, got 2'],
    ['a text instead of a number', 1, '1', 'expected the body to be 1, got "1"'],
    ['null instead of an object', { a: {} }, { a: null }, 'expected /a to be {}, got null'],
    ['a list instead of an object', { a: {} }, { a: [] }, 'expected /a to be {}, got []'],
    ['an object instead of a list', [1], { 0: 1 }, 'expected the body to be [1], got {"0":1}'],
    ['a longer list', [1], [1, 2], 'expected the body to be [1], got [1,2] (2 items instead of 1)'],
    ['an item inside a list', [{ a: 1 }], [{ a: 2 }], 'expected /0/a to be 1, got 2'],
    ['a key with a slash', { 'a/b~c': 1 }, {}, 'expected /a~1b~0c to be 1, got nothing'],
    ['an inherited member', { toString: 1 }, {}, 'expected /toString to be 1, got nothing'],
    ['a long text', 'x', 'y'.repeat(200), `expected the body to be "x", got "${'y'.repeat(78)}…`],
  ])('with %s', (...[, expected, got, difference]) => {
    expect(findDifference(expected as never, got as never)).toBe(difference);
  });

  it.each<[string, unknown]>([
    ['', { a: { 'b/c': [7, { '~': 8 }] }, length: 1 }],
    ['/a/b~1c/0', 7],
    ['/a/b~1c/1/~0', 8],
    ['/a/b~1c/length', undefined],
    ['/a/b~1c/2', undefined],
    ['/a/nothing/deeper', undefined],
    ['/length', 1],
    ['/toString', undefined],
    ['/a/b~1c/0/more', undefined],
  ])('has at "%s" what the pointer says', (pointer, value) => {
    expect(pointAt({ a: { 'b/c': [7, { '~': 8 }] }, length: 1 }, pointer)).toEqual(value);
  });
});
