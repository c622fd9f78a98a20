/** Catalogues as people write them, and the queries that come of them. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { checkCatalogue, loadCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { mayGiveSeveral } from '../../src/catalogue/promql-shape.js';
import { sliQueries } from '../../src/catalogue/sli-queries.js';
import { unsafeProblem } from '../../src/catalogue/unsafe-promql.js';
import { renderProblem } from '../../src/documents/problem.js';
import { allQueries, anyCatalogue } from '../support/any-catalogue.js';

const head = 'apiVersion: holdpoint/v1\nkind: SliCatalogue\nservice: viewer\nlabels: [env, service]\nslis:\n';

function problemsOf(slis: string): string[] {
  const loaded = checkCatalogue(`${head}${slis}`, 'slis.yaml');
  return loaded.ok ? [] : loaded.problems.map((problem) => renderProblem(problem).replace('slis.yaml:', ''));
}

describe('a wrong catalogue', () => {
  it.each<[what: string, slis: string, problems: readonly string[]]>([
    [
      'an unknown kind',
      '  a: { kind: ration, events: x }',
      [
        '6:14: slis.a.kind: found kind: "ration"; allowed: ratio, quantile, rate, burn-rate, gauge. Did you mean "ratio"?',
      ],
    ],
    [
      'an unknown key',
      '  a: { kind: gauge, metrc: x }',
      [
        '6:3: slis.a.metric: is missing; give a text',
        '6:21: unknown key "metrc" in slis.a; known: kind, title, metric, where, aggregate. Did you mean "metric"?',
      ],
    ],
    [
      'a metric that is none',
      '  a: { kind: gauge, metric: "a b" }',
      ['6:29: slis.a.metric: is no metric name; write one such as http_requests_total'],
    ],
    [
      'neither good nor bad',
      '  a: { kind: ratio, events: x_total }',
      ['6:3: a: has neither "bad" nor "good"; give one of them, such as bad: { outcome: failure }'],
    ],
    [
      'good and bad',
      '  a: { kind: ratio, events: x_total, bad: { a: b }, good: { a: c } }',
      ['6:3: a: has "bad" and "good"; give one of them, such as bad: { outcome: failure }'],
    ],
    [
      'bad that is everything',
      '  a: { kind: ratio, events: x_total, bad: {} }',
      ['6:38: a: this "bad" would match every event; name a label and its value'],
    ],
    [
      'bad that is everything, as a pattern',
      '  a: { kind: ratio, events: x_total, bad: { outcome: "~.*" } }',
      ['6:38: a: this "bad" would match every event; name a label and its value'],
    ],
    [
      'events of which all are bad, or none',
      '  a: { kind: ratio, events: x_total, where: { outcome: ok }, bad: { outcome: failure } }',
      ['6:78: a: "outcome" is fixed under where, so it cannot tell good from bad; leave it out there'],
    ],
    [
      "another environment's failures",
      '  a: { kind: ratio, events: x_total, bad: { env: staging, outcome: failure } }',
      ['6:50: a: "env" is filled in by Holdpoint because it is listed under labels; leave it out here'],
    ],
    [
      'a pattern that is none',
      '  a: { kind: ratio, events: x_total, bad: { status: "~5..|(" } }',
      ['6:53: slis.a.bad.status: the pattern "~5..|(" is no regular expression (unterminated group)'],
    ],
    [
      'the metric as a label',
      '  a: { kind: rate, events: x_total, where: { __name__: y_total } }',
      [
        '6:46: slis.a.where.__name__: found the key "__name__"; is the metric itself, which has a key of its own; leave it out',
      ],
    ],
    [
      'a histogram by the name of its buckets',
      '  a: { kind: quantile, histogram: x_seconds_bucket, quantile: 0.9, where: { le: "1" } }',
      [
        '6:35: a: write the histogram without _bucket: x_seconds',
        '6:81: a: a quantile needs all buckets; leave "le" out',
      ],
    ],
    [
      'problems of every sort, all told at once',
      '  a: { kind: ratio, events: x_total }\n  b: { kind: gauge, metric: "a b" }\n  c: { kind: burn-rate, of: a, windows: [5m, 5m] }\n  d: { kind: burn-rate, of: b, windows: [5m] }',
      [
        '6:3: a: has neither "bad" nor "good"; give one of them, such as bad: { outcome: failure }',
        '7:29: slis.b.metric: is no metric name; write one such as http_requests_total',
        '8:29: c: "a" has no objective; give it one, such as objective: 0.995',
        '8:32: c: a window stands twice',
      ],
    ],
    [
      'a burn rate of nothing',
      '  a: { kind: ratio, events: x_total, bad: { b: c }, objective: 0.9 }\n  burn: { kind: burn-rate, of: aa, windows: [5m] }',
      ['7:32: burn: there is no SLI "aa"; ratios here are a. Did you mean "a"?'],
    ],
    [
      'a burn rate without objective',
      '  a: { kind: ratio, events: x_total, bad: { b: c } }\n  burn: { kind: burn-rate, of: a, windows: [5m] }',
      ['7:32: burn: "a" has no objective; give it one, such as objective: 0.995'],
    ],
    [
      'a burn rate of a rate',
      '  a: { kind: rate, events: x_total }\n  burn: { kind: burn-rate, of: a, windows: [5m] }',
      ['7:32: burn: "a" is a rate; a burn rate needs a ratio'],
    ],
    [
      'a label that is filled in',
      '  a: { kind: rate, events: x_total, where: { env: test } }',
      ['6:51: a: "env" is filled in by Holdpoint because it is listed under labels; leave it out here'],
    ],
    [
      'an id twice',
      '  a: { kind: rate, events: x_total }\n  a: { kind: rate, events: y_total }',
      ['7:3: this key stands twice; keep one'],
    ],
    [
      'a quantile above 1',
      '  a: { kind: quantile, histogram: x, quantile: 95 }',
      ['6:48: slis.a.quantile: found 95; give a number below 1'],
    ],
  ])('with %s', (_, slis, problems) => {
    expect(problemsOf(slis)).toEqual(problems);
  });
});

it('refuses labels it would not fill in', () => {
  const loaded = checkCatalogue(head.replace('env', 'enf') + '  a: { kind: gauge, metric: x }', 'slis.yaml');
  expect(loaded).toMatchObject({
    ok: false,
    problems: [{ line: 4, column: 10, message: 'labels[0]: found "enf"; allowed: env, service. Did you mean "env"?' }],
  });
});

it.each([
  ['ops/slis/nowhere.yaml', 'there is no such file; name a catalogue, such as ops/slis/reporting.yaml'],
  ['ops/slis', 'this is a folder, not a file; name a catalogue, such as ops/slis/reporting.yaml'],
])('loading %s says what is wrong', async (path, message) => {
  expect(await loadCatalogue(path)).toEqual({
    ok: false,
    problems: [{ file: path, line: 1, column: 1, message, severity: 'error' }],
  });
});

it('fills in values as they are, and patterns only where the file has them', () => {
  const slis = '  a: { kind: rate, events: x_total, where: { status: "~[25].." } }';
  const loaded = checkCatalogue(head.replace('viewer', '~viewer') + slis, 'slis.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(sliQueries('a', loaded.catalogue, { environment: '~.*' }).queries.value).toBe(
    'sum(rate(x_total{env="~.*",service="~viewer",status=~"[25].."}[$window])) * 60',
  );
});

describe('whatever a catalogue says', () => {
  it('its queries parse, give one series, and are safe', () => {
    fc.assert(
      fc.property(anyCatalogue, (any) => {
        for (const query of allQueries(any)) {
          expect([query, promqlProblem(query)]).toEqual([query, null]);
          expect([query, mayGiveSeveral(query)]).toEqual([query, false]);
          expect([query, unsafeProblem(query)]).toEqual([query, null]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('loading it answers, with problems that have a place', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const loaded = checkCatalogue(
          stringify({ apiVersion: 'holdpoint/v1', kind: 'SliCatalogue', service: 'v', slis: { a: value } }),
          'slis.yaml',
        );
        if (loaded.ok) return;
        for (const { line, message } of loaded.problems) {
          expect(line).toBeGreaterThan(0);
          expect(message).not.toMatch(/undefined|\[object|Invalid input/);
        }
      }),
      { numRuns: 100 },
    );
  });
});
