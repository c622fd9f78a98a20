/** Any document of ours: what is wrong with it as YAML, and where what is wrong with its content stands. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkDocument } from '../../src/documents/check-document.js';
import { notBuilt } from '../../src/documents/not-built.js';
import { renderProblem } from '../../src/documents/problem.js';

const schema = z.strictObject({
  name: z.string(),
  size: z.number().min(1).max(10).optional(),
  kinds: z.array(z.enum(['small', 'large'])).optional(),
  nested: z.strictObject({ deep: z.strictObject({ key: z.string() }) }).optional(),
  entries: z.array(z.union([z.string(), z.strictObject({ id: z.string(), count: z.int() })])).optional(),
  shape: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('round') })]).optional(),
  labels: z.record(z.string().regex(/^[a-z]+$/, { error: 'write lower-case letters' }), z.string()).optional(),
  later: notBuilt('is not built yet; leave it out'),
});

function problemsOf(text: string): string[] {
  const checked = checkDocument(text, 'a.yaml', schema);
  return checked.ok ? [] : checked.problems.map((problem) => renderProblem(problem).replace('a.yaml:', ''));
}

describe('content', () => {
  it.each<[what: string, text: string, problems: readonly string[]]>([
    [
      'a missing key is found at its parent',
      'name: a\nnested:\n  deep: {}',
      ['3:3: nested.deep.key: is missing; give a text'],
    ],
    ['a missing parent is found at the document', '# nothing\nsize: 1', ['2:1: name: is missing; give a text']],
    [
      'a missing key of a list item is found at the item',
      'name: a\nentries:\n  - b\n  - { id: c }',
      ['4:5: entries[1].count: is missing; give a number'],
    ],
    ['a wrong scalar is found at itself', 'name:   7', ['1:9: name: found 7; give a text']],
    ['a wrong mapping is found at its key', 'name:\n  a: 1', ['1:1: name: found a mapping; give a text']],
    ['bounds say which', 'name: a\nsize: 11', ['2:7: size: found 11; give a number of at most 10']],
    [
      'one of several words',
      'name: a\nkinds: [smal]',
      ['2:9: kinds[0]: found "smal"; allowed: small, large. Did you mean "small"?'],
    ],
    [
      'a union speaks of the form that was meant',
      'name: a\nentries: [{ id: b, count: 1.5 }]',
      ['2:27: entries[0].count: found 1.5; give a whole number'],
    ],
    [
      'a union with an unknown key',
      'name: a\nentries: [{ id: b, count: 1, cuont: 2 }]',
      ['2:30: unknown key "cuont" in entries[0]; known: id, count. Did you mean "count"?'],
    ],
    [
      'a kind nobody knows',
      'name: a\nshape: { kind: rond }',
      ['2:16: shape.kind: found kind: "rond"; allowed: round. Did you mean "round"?'],
    ],
    [
      'a key of the wrong form',
      'name: a\nlabels: { ok: b, N1: c }',
      ['2:18: labels.N1: found the key "N1"; write lower-case letters'],
    ],
    ['what is not built', 'name: a\nlater: 1', ['2:8: later: is not built yet; leave it out']],
    [
      'everything at once, by line',
      'kinds: [x]\nsize: 0\nnmae: a',
      [
        '1:1: name: is missing; give a text',
        '1:9: kinds[0]: found "x"; allowed: small, large',
        '2:7: size: found 0; give a number of at least 1',
        '3:1: unknown key "nmae"; known: name, size, kinds, nested, entries, shape, labels, later. Did you mean "name"?',
      ],
    ],
    ['long values are cut', `name: [${'a, '.repeat(40)}a]`, ['1:1: name: found a list; give a text']],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('knows where everything is that is right', () => {
    const checked = checkDocument('name: a\nkinds:\n  - small\n  - large\n', 'a.yaml', schema);
    if (!checked.ok) throw new Error('it is right');
    expect(checked.value).toEqual({ name: 'a', kinds: ['small', 'large'] });
    expect(checked.locate(['kinds', 1])).toEqual({ line: 4, column: 5 });
    expect(checked.locate(['kinds', 7])).toEqual({ line: 2, column: 1 });
    expect(checked.locate([])).toEqual({ line: 1, column: 1 });
  });

  it('reads JSON, with the same places', () => {
    expect(problemsOf('{\n  "name": "a",\n  "size": 99\n}')).toEqual([
      '3:11: size: found 99; give a number of at most 10',
    ]);
  });
});

describe('YAML', () => {
  const broken = 'check the indentation, and put texts with { } [ ] , # or ": " in them into quotes';

  it.each<[what: string, text: string, problems: readonly string[]]>([
    ['nothing', '', ['1:1: is empty']],
    ['only a comment', '# later', ['1:1: found null; give a mapping of keys to values']],
    [
      'keys that stand twice',
      'name: a\nname: b\nsize: 1\nsize: 2',
      ['2:1: this key stands twice; keep one', '4:1: this key stands twice; keep one'],
    ],
    ['two documents', 'name: a\n---\nname: b', ['2:1: a second document begins here; keep one document a file']],
    [
      'a list that never ends',
      'name: [a',
      [
        `1:9: this is no YAML from here on (Flow sequence in block collection must be sufficiently indented and end with a ]); ${broken}`,
      ],
    ],
    ['an alias to nothing', 'name: *none', ['1:7: no anchor &none stands before this alias; write the value out']],
    ['a key that hides', 'name: a\nlabels: { __proto__: { a: b } }', ['2:11: unknown key "__proto__"; leave it out']],
    ['a tag', 'name: !!binary aGk=', ['1:16: a tag such as !x stands before this; leave it out, quotes make a text']],
    [
      'a tag of its own',
      'name: !env NAME',
      ['1:12: a tag such as !x stands before this; leave it out, quotes make a text'],
    ],
    [
      'an older version',
      '%YAML 1.1\n---\nname: on',
      ['1:1: YAML 1.1 reads on, no and times in another way; leave the %YAML line out'],
    ],
    ['its own version', '%YAML 1.2\n---\nname: on', []],
    ['a key that is a list', '? [a]\n: b', ['1:3: a key must be a plain text']],
    [
      'a merge key',
      'name: a\n<<: { size: 1 }',
      ['2:1: unknown key "<<"; known: name, size, kinds, nested, entries, shape, labels, later.'],
    ],
  ])('with %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it('with aliases that grow without end is refused before it grows', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 5; level += 1) {
      const [name, before] = [level, level - 1].map((index) => String.fromCharCode(97 + index));
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`);
    }
    expect(problemsOf(bomb.join('\n'))).toEqual([
      '1:1: its aliases cannot be resolved (excessive alias count indicates a resource exhaustion attack); write the values out',
    ]);
  });

  it('with a key like an inherited one stays what it says', () => {
    expect(problemsOf('name: a\nlabels: { constructor: b, tostring: c }')).toEqual([]);
  });
});
