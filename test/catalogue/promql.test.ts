/** What can be said of a query without asking a server. */
import { describe, expect, it } from 'vitest';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { longestRangeMs } from '../../src/catalogue/promql-range.js';
import { mayGiveSeveral } from '../../src/catalogue/promql-shape.js';
import { unsafeProblem } from '../../src/catalogue/unsafe-promql.js';

it.each([
  ['up', null],
  ['sum(rate(x{code=~"5.."}[$window]))', null],
  ['histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))', null],
  ['x # a comment', null],
  ['# first\nsum(x)', null],
  ['', 'the query is empty'],
  ['   ', 'the query is empty'],
  ['sum(', 'this is no PromQL from character 5 on, where it ends too early'],
  ['sum(x))', 'this is no PromQL from character 7 on, at ")"'],
  ['x{a=b}', 'this is no PromQL from character 5 on, at "b}"'],
  ['a b', 'this is no PromQL from character 3 on, at "b"'],
  ['rate(x[5m])"} or vector(0) #', 'this is no PromQL from character 12 on, at ""} or vector"'],
])('%s parses, or not: %s', (query, problem) => {
  expect(promqlProblem(query)).toBe(problem);
});

describe('unsafe is', () => {
  it.each([
    [
      'an unguarded ratio',
      'sum(a) / sum(b)',
      'without traffic this ratio is NaN or hides it; write (sum(a) or 0 * sum(b)) / (sum(b) > 0)',
    ],
    [
      'a guarded ratio of what may be missing',
      'sum(a{x="1"}) / (sum(a) > 0)',
      'as long as no such event ever happened, this ratio gives nothing; write (sum(a{x="1"}) or 0 * sum(a)) / (sum(a) > 0)',
    ],
    [
      'a ratio in a ratio',
      '1 - sum(a) / sum(b)',
      'without traffic this ratio is NaN or hides it; write (sum(a) or 0 * sum(b)) / (sum(b) > 0)',
    ],
    [
      'an unguarded mean',
      'sum(x_sum) / sum(x_count)',
      'without traffic this ratio is NaN or hides it; write sum(x_sum) / (sum(x_count) > 0)',
    ],
    [
      'a floor under the traffic',
      '(sum(a) or 0 * sum(b)) / clamp_min(sum(b), 1)',
      'without traffic this ratio is NaN or hides it; write (sum(a) or 0 * sum(b)) / (clamp_min(sum(b), 1) > 0)',
    ],
    [
      'a number out of nothing',
      'sum(a) or vector(0)',
      '"or vector(0)" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    [
      'the same, deep inside',
      'sum(rate(a[5m]) or on () vector(1)) * 2',
      '"or vector(1)" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    ['no metric at all', '1 + 1', 'the query reads no metric, so it would say the same whatever happens'],
    [
      'an alert',
      'sum(rate(a[5m])) > 5',
      'a comparison gives nothing while it is false; leave it out, the limit stands in min or max',
    ],
  ])('%s', (_, query, problem) => {
    expect(promqlProblem(query)).toBeNull();
    expect(unsafeProblem(query)).toBe(problem);
  });

  it.each([
    '(sum(a) or 0 * sum(b)) / (sum(b) > 0)',
    '1 - (sum(a) or 0 * sum(b)) / (sum(b) > 0)',
    'sum(x_sum) / (sum(x_count) > 0)',
    'sum(a) / 60',
    'max(a) or max(b)',
    'sum(a) > bool 5',
  ])('not %s', (query) => {
    expect(unsafeProblem(query)).toBeNull();
  });

  it('gone after what the advice says', () => {
    for (const query of ['sum(a) / sum(b)', 'sum(x_sum) / sum(x_count)', 'sum(a) / (sum(b) > 0)', 'a / on (c) (b)']) {
      const safe = /write (.*)$/.exec(unsafeProblem(query) ?? '')?.[1] ?? '';
      expect([promqlProblem(safe), unsafeProblem(safe)]).toEqual([null, null]);
    }
  });
});

it.each([
  ['x', true],
  ['rate(x[5m])', true],
  ['sum(x)', false],
  ['sum by () (x)', false],
  ['sum by (a) (x)', true],
  ['sum without (a) (x)', true],
  ['topk(1, x)', true],
  ['sum(x) / on () (sum(y) > 0)', false],
  ['sum(x) / y', false],
  ['x / y', true],
  ['100 * x', true],
  ['100 * sum(x)', false],
  ['-sum(x)', false],
  ['sum(x) or y', true],
  ['sum(x) and y', false],
  ['clamp_max(x, 5)', true],
  ['clamp_max(max(x), 5)', false],
  ['absent(x)', false],
  ['histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))', false],
  ['histogram_quantile(0.9, sum by (le, endpoint) (rate(x_bucket[5m])))', true],
  ['histogram_quantile(0.9, rate(x_bucket[5m]))', true],
])('%s may give several series: %s', (query, several) => {
  expect(mayGiveSeveral(query)).toBe(several);
});

it.each([
  ['up', 0],
  ['rate(x[5m])', 300_000],
  ['rate(x[1h30m]) + rate(x[15m])', 5_400_000],
  ['max_over_time(x[1d:1m])', 86_400_000],
  ['rate(x[1w])', 604_800_000],
  ['rate(x[$window])', 0],
])('%s looks back %s ms', (query, ms) => {
  expect(longestRangeMs(query)).toBe(ms);
});
