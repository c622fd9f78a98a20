/** Catalogues as people write them, and the queries that come of them. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { mayGiveSeveral } from '../../src/catalogue/promql-shape.js';
import { sliQueries } from '../../src/catalogue/sli-queries.js';
import { renderProblem } from '../../src/documents/problem.js';

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
      ['6:3: a has neither "bad" nor "good"; give one of them, such as bad: { outcome: failure }'],
    ],
    [
      'good and bad',
      '  a: { kind: ratio, events: x_total, bad: { a: b }, good: { a: c } }',
      ['6:3: a has "bad" and "good"; give one of them, such as bad: { outcome: failure }'],
    ],
    [
      'bad that is everything',
      '  a: { kind: ratio, events: x_total, bad: {} }',
      ['6:3: a: an empty "bad" would match every event; name a label and its value'],
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

describe('whatever a catalogue says', () => {
  const metric = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,20}$/);
  const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((name) => name !== 'env' && name !== 'service');
  // Anything a person could write, quotes, backslashes and line breaks included; a regular expression has rules of its own.
  const value = fc.string({ maxLength: 12 }).filter((text) => !text.startsWith('~'));
  const where = fc.dictionary(label, value, { maxKeys: 3 });
  const side = fc.dictionary(label, value, { minKeys: 1, maxKeys: 2 });
  const duration = fc.constantFrom('30s', '5m', '1h', '1d');
  const sli = fc.oneof(
    fc.record({
      kind: fc.constant('ratio'),
      events: metric,
      where,
      bad: side,
      measure: fc.constantFrom('good', 'bad'),
      objective: fc.constantFrom(0.9, 0.995, 0.9999),
    }),
    fc.record({ kind: fc.constant('ratio'), events: metric, where, good: side }),
    fc.record({
      kind: fc.constant('quantile'),
      histogram: metric,
      where,
      quantile: fc.constantFrom(0.5, 0.99),
      by: fc.array(label, { maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('rate'), events: metric, where, per: duration }),
    fc.record({ kind: fc.constant('gauge'), metric, where, aggregate: fc.constantFrom('sum', 'max', 'min', 'avg') }),
  );
  const windows = fc.uniqueArray(duration, { minLength: 1, maxLength: 4 });
  const base = { kind: 'ratio', events: 'x_total', bad: { outcome: 'failure' }, objective: 0.99 };

  it('its queries parse, and give one series', () => {
    fc.assert(
      fc.property(sli, windows, fc.string({ maxLength: 12 }), (one, burning, environment) => {
        const slis = { one, base, burn: { kind: 'burn-rate', of: 'base', windows: burning } };
        const text = stringify({
          apiVersion: 'holdpoint/v1',
          kind: 'SliCatalogue',
          service: 'v"\\',
          labels: ['env', 'service'],
          slis,
        });
        const loaded = checkCatalogue(text, 'slis.yaml');
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        for (const id of ['one', 'burn']) {
          for (const query of Object.values(sliQueries(id, loaded.catalogue, { environment }).queries)) {
            expect([query, promqlProblem(query)]).toEqual([query, null]);
            expect([query, mayGiveSeveral(query)]).toEqual([query, false]);
          }
        }
      }),
      { numRuns: 300 },
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
      { numRuns: 300 },
    );
  });
});
