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
import { allQueries, allRules, anyCatalogue } from '../support/any-catalogue.js';

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
        '6:21: unknown key "metrc" in slis.a; known: kind, title, group, record, alias, alerts, metric, where, by, aggregate. Did you mean "metric"?',
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
      'no denominator',
      '  a: { kind: ratio, bad: { a: b } }',
      ['6:3: slis.a.events: is missing; name the counter of all events, good and bad, such as http_requests_total'],
    ],
    [
      'a denominator that is none',
      '  a: { kind: ratio, events: 5, bad: { a: b } }',
      ['6:29: slis.a.events: found 5; give a text'],
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

const budget = 'budget: { series: 100, values: { env: 2, endpoint: 5 } }\nslis:\n';

/** Of a catalogue with a budget of 100 series, lines counted from its first SLI on. */
function problemsInBudget(slis: string): string[] {
  const loaded = checkCatalogue(`${head.replace('slis:\n', budget)}${slis}`, 'slis.yaml');
  return loaded.ok ? [] : loaded.problems.map((problem) => renderProblem(problem).replace('slis.yaml:', ''));
}

describe('rules that a catalogue cannot have:', () => {
  it.each<[what: string, slis: string, problems: readonly string[]]>([
    [
      'two aliases of one name',
      '  a: { kind: rate, events: x_total, alias: x_rate }\n  b: { kind: rate, events: y_total, alias: x_rate }',
      ['8:44: b: "a" makes a rule x_rate, too; give this one another alias'],
    ],
    [
      'one record for two',
      '  a: { kind: gauge, metric: x, record: z }\n  b: { kind: gauge, metric: y, record: z }',
      ['8:40: b: "a" makes a rule env_service:z:sum, too; give this one a "record" of its own, such as record: b_2'],
    ],
    [
      "an id that is another one's rule",
      '  a: { kind: ratio, events: x_total, bad: { b: c } }\n  a-events: { kind: rate, events: y_total, per: 1s }',
      [
        '8:3: a-events: "a" makes a rule env_service:a_events:rate5m, too; give this one a "record" of its own, such as record: a_events_2',
      ],
    ],
    [
      'two histograms of one name, with other series',
      '  a: { kind: quantile, histogram: x, quantile: 0.5 }\n  b: { kind: quantile, histogram: x, quantile: 0.9, where: { c: d } }',
      [
        '8:3: b: "a" makes a rule env_service_le:x_bucket:rate5m, too; give this one a "record" of its own, such as record: b_2',
      ],
    ],
    [
      'a label outside the budget',
      '  a: { kind: rate, events: x_total, by: [endpont] }',
      [
        '7:42: a: "endpont" is outside the budget; put it under budget.values with the most values it can have, such as endpont: 20, or leave it out here. Did you mean "endpoint"?',
      ],
    ],
    [
      'more series than the budget has',
      '  a: { kind: quantile, histogram: x, quantile: 0.5, by: [endpoint] }',
      ['5:19: the rules may make 168 series, a alone 168; raise it, or keep fewer labels under by'],
    ],
    [
      'a label that is kept anyway, one twice, and buckets',
      '  a: { kind: rate, events: x_total, by: [env, endpoint, endpoint, le] }',
      [
        '7:42: a: "env" is kept anyway: it is listed under labels; leave it out',
        '7:57: a: "endpoint" stands twice; keep one',
        '7:67: a: "le" holds the buckets of a histogram; leave it out',
      ],
    ],
    [
      'an objective in no unit',
      '  a: { kind: quantile, histogram: x_seconds, quantile: 0.5, objective: 800 }',
      ['7:72: a: the objective 800 cannot be read; it is a time: write a duration, such as 800ms or 2s'],
    ],
    [
      'alerts of one name',
      '  a: { kind: rate, events: x_total, alerts: [{ name: High, severity: page, above: 1 }] }\n  b: { kind: rate, events: y_total, alerts: [{ name: High, severity: page, above: 1 }] }',
      ['8:54: b: "a" has an alert High, too; each has a runbook of its own, so give this one another name'],
    ],
    [
      'alerts without a limit, with two, and with one that is none',
      '  a: { kind: rate, events: x_total, alerts: [{ name: A, severity: page }, { name: B, severity: page, above: 2, below: 1 }, { name: C, severity: page, above: 5m }] }',
      [
        '7:46: a: A: has no limit and its SLI no objective; write one, such as above: 5 or below: 0.99',
        '7:119: a: B: "below" stands beside "above"; an alert has one limit',
        '7:158: a: C: "above" found "5m"; it is events per minute: write a number of at least 0, such as 1.5',
      ],
    ],
    [
      'an alert with what its kind does not know',
      '  a: { kind: gauge, metric: x, alerts: [{ name: A, severity: page, above: 2, minEvents: 5 }, { name: B, severity: page, missing: 1h }, { name: C, severity: page, above: 1, each: true }, { name: D, severity: page, above: 1, over: 10m }, { name: E, severity: page, above: 1, windows: [1h, 5m] }] }',
      [
        '7:89: a: A: "minEvents" a gauge rests on no counted events; leave it out',
        '7:130: a: B: "missing" belongs to what counts events, this is a gauge; leave it out',
        '7:179: a: C: "each" needs labels under by, such as by: [endpoint]',
        '7:230: a: D: "over" belongs to a ratio, this is a gauge; leave it out',
        '7:274: a: E: "windows" belongs to a burn rate, this is a gauge; leave it out',
      ],
    ],
    [
      'burn rate alerts without windows, and one that can never fire',
      '  a: { kind: ratio, events: x_total, bad: { b: c }, objective: 0.9 }\n  burn: { kind: burn-rate, of: a, windows: [5m], alerts: [{ name: A, severity: page, above: 2 }, { name: B, severity: page, above: 14.4, windows: [1h, 5m] }] }',
      [
        '8:59: burn: A: "windows" a burn rate needs a long window and a short one, such as windows: [1h, 5m]',
        '8:132: burn: B: can never fire: with an objective of 0.9 nothing burns faster than 10 times; write less',
      ],
    ],
    [
      'alerts on what cannot be',
      '  a: { kind: ratio, events: x_total, bad: { b: c }, measure: bad, alerts: [{ name: A, severity: page, above: 1 }, { name: B, severity: page, below: 0 }] }\n  q: { kind: quantile, histogram: x_seconds, quantile: 0.5, alerts: [{ name: C, severity: page, below: 0s }] }\n  r: { kind: rate, events: y_total, alerts: [{ name: D, severity: page, below: 0 }] }\n  g: { kind: gauge, metric: z, alerts: [{ name: E, severity: page, below: 0 }] }',
      [
        '7:110: a: A: "above" can never fire: a share is never above 1; write less, such as above: 0.01',
        '7:149: a: B: "below" can never fire: a ratio is never below 0; write more',
        '8:104: q: C: "below" can never fire: a quantile is never below 0; write more',
        '9:80: r: D: "below" can never fire: a rate is never below 0; write more',
      ],
    ],
    [
      'alerts that wait for longer than they remember, and for more than can come',
      '  a: { kind: rate, events: x_total, alerts: [{ name: A, severity: page, missing: 30m, for: 30m }, { name: B, severity: page, missing: 31m, for: 30m }] }\n  c: { kind: quantile, histogram: y_seconds, quantile: 0.5, alerts: [{ name: C, severity: page, above: 1s, minEvents: 2000000000 }] }',
      [
        '7:92: a: A: "for" can never fire: what is gone is remembered for 30 min, and this waits for 30 min; write less than that, or a longer missing',
        '8:119: slis.c.alerts[0].minEvents: found 2000000000; give a number of at most 1000000000',
      ],
    ],
    [
      'a baseline that is none',
      '  a: { kind: ratio, events: x_total, bad: { b: c }, alerts: [{ name: A, severity: page, below: baseline }] }',
      [
        '7:96: a: A: "below" there is no baseline; a ratio of good events may have one, such as { over: 1d, ago: 1d, within: 0.1 }',
      ],
    ],
  ])('%s', (_, slis, problems) => {
    expect(problemsInBudget(slis)).toEqual(problems);
  });

  it('panels of what is not there', () => {
    const panels =
      'dashboard: { uid: d, title: D, panels: [{ title: P, description: p, show: distribution, slis: [a, bb], each: true }] }\n';
    expect(
      problemsInBudget(`  b: { kind: gauge, metric: x }\n  a: { kind: rate, events: y_total }\n${panels}`),
    ).toEqual([
      '9:96: P: "a" is a rate; a distribution needs a quantile, for its histogram',
      '9:99: P: there is no SLI "bb". Did you mean "b"?',
    ]);
  });

  it('labels of which nobody said how many values they have', () => {
    expect(problemsOf('  a: { kind: rate, events: x_total, by: [endpoint] }')).toEqual([
      '6:42: a: "endpoint" is outside the budget; put it under budget.values with the most values it can have, such as budget: { series: 500, values: { env: 3, endpoint: 20 } }, or leave it out here.',
    ]);
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

  it('its rules and alerts parse', () => {
    fc.assert(
      fc.property(anyCatalogue, (any) => {
        for (const query of allRules(any)) expect([query, promqlProblem(query)]).toEqual([query, null]);
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
