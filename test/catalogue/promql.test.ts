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
  ['sum(rate(x[$window]) y)', 'this is no PromQL from character 22 on, at "y)"'],
  ['rate(x[$windows])', 'this is no PromQL from character 15 on, at "s])"'],
  ['rate(x[$__rate_interval])', 'this is no PromQL from character 8 on, at "$__rate_inte"'],
  ['max_over_time(rate(x[5m])[$window:30s])', null],
  ['rate((x[$window]))', null],
  ['quantile_over_time(0.9, x[5m])', null],
  ['-1 * sum(x) + time() - scalar(y)', null],
  ['rate(x)', '"rate(x)" needs a range: write [$window] after the metric\'s name'],
  ['sum(max_over_time(x)) / 5', '"max_over_time(x)" needs a range: write [$window] after the metric\'s name'],
  ['x[$window]', '"x[$window]" is a range, not one number; put rate( ) or the like around it'],
  ['sum(x[5m])', '"sum(x[5m])" takes no range; put rate( ) or the like around what has the [ ]'],
  ['abs(x[5m])', '"abs(x[5m])" takes no range; put rate( ) or the like around what has the [ ]'],
  ['rate(-(x[5m]))', '"-(x[5m])" takes no range; put rate( ) or the like around what has the [ ]'],
  ['x[5m] + 1', '"x[5m] + 1" takes no range; put rate( ) or the like around what has the [ ]'],
  [
    'rate(sum(x)[5m])',
    '"sum(x)[5m]": only a metric can have a range; of anything else write a subquery, such as [$window:30s]',
  ],
  ['rate(x[300])', 'the range "300" is no duration; write one such as 5m, or $window'],
  ['rate(x[$window + 1m])', 'the range "$window + 1m" is no duration; write one such as 5m, or $window'],
  ['rate(x[0s])', '"x[0s]" looks back no time at all'],
  ['sum(1)', '"sum(1)" aggregates a number, and needs a metric'],
  ['sum(x) or 0', '"sum(x) or 0" joins a metric with a number, and needs metrics on both sides'],
  ['x{a="b\\\\c", d=~"5\\\\d+"}', null],
  ['x{a=~`\\d+`}', null],
  ['x{a=~"\\d+"}', 'the text "\\d+" has the unknown escape \\d; write \\\\d for a backslash'],
  ['x{a=~"("}', 'the pattern "(" is no regular expression (unterminated group)'],
  ['x{a!~"(?!b)"}', 'the pattern "(?!b)" looks ahead or back, which Prometheus cannot'],
])('%s parses, or not: %s', (query, problem) => {
  expect(promqlProblem(query)).toBe(problem);
});

describe('case 28: unsafe is', () => {
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
      'a ratio beside an unguarded one',
      '(sum(a) / sum(b)) / (sum(a offset 1d) / (sum(b offset 1d) > 0) > 0)',
      'without traffic this ratio is NaN or hides it; write (sum(a) or 0 * sum(b)) / (sum(b) > 0)',
    ],
    [
      'the past for the present, and what is gone for the past',
      'sum(c) * (sum(a offset 1d) or absent(b))',
      '"sum(a offset 1d) or" makes a number out of no data, so a dead target would pass; leave it out',
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
      'a number in front of what may be missing',
      'vector(0) or sum(a)',
      '"vector(0) or" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    [
      'a number unless something is there',
      'vector(1) unless sum(a)',
      '"vector(1) unless" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    [
      'a number out of absence',
      'sum(a) or (absent(a) - 1)',
      '"or (absent(a) - 1)" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    [
      'old numbers for missing ones',
      'sum(a) or sum(a offset 1d)',
      '"or sum(a offset 1d)" makes a number out of no data, so a dead target would pass; leave it out',
    ],
    [
      'only the past',
      'sum(rate(a[5m] offset 1h))',
      'the query reads no metric as it is now: offset, @ and absent( ) alone say nothing of the present',
    ],
    [
      'only one instant, for ever',
      'sum(a @ 1609746000)',
      'the query reads no metric as it is now: offset, @ and absent( ) alone say nothing of the present',
    ],
    [
      'a guard that guards nothing',
      'sum(a_sum) / (sum(a_count) >= 0)',
      'without traffic this ratio is NaN or hides it; write sum(a_sum) / (sum(a_count) >= 0 > 0)',
    ],
    [
      'a guard that lets 0 through',
      'sum(a_sum) / (sum(a_count) > -1)',
      'without traffic this ratio is NaN or hides it; write sum(a_sum) / (sum(a_count) > -1 > 0)',
    ],
    [
      'a guard of something else',
      'sum(a_sum) / sum(a_count) and sum(b) > 0',
      'without traffic this ratio is NaN or hides it; write sum(a_sum) / (sum(a_count) > 0)',
    ],
    [
      'a count of what a filter leaves, which may be nothing',
      'count(a > 5) / (count(a) > 0)',
      'as long as no such event ever happened, this ratio gives nothing; write (count(a > 5) or 0 * count(a)) / (count(a) > 0)',
    ],
    [
      'a ratio over the window, whose spelling stays',
      'sum(rate(a[$window])) / sum(rate(b[$window]))',
      'without traffic this ratio is NaN or hides it; write (sum(rate(a[$window])) or 0 * sum(rate(b[$window]))) / (sum(rate(b[$window])) > 0)',
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
    'sum(x_sum) / sum(x_count) and sum(x_count) > 0',
    '100 * (sum(x_sum) / sum(x_count)) and on () (sum( x_count ) != 0)',
    'sum(a) - sum(a offset 1w)',
    'sum(a offset -5m)',
    'sum(a @ end())',
    'sum(a) unless absent(b)',
    '(1 - (sum(a) or 0 * sum(b)) / (sum(b) > 0)) / ((1 - (sum(a offset 1d) or 0 * sum(b offset 1d)) / (sum(b offset 1d) > 0)) > 0)',
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
  ['-1 * x', true],
  ['(1 + 2) * x', true],
  ['time() - x', true],
  ['time() - max(x)', false],
  ['scalar(sum(y)) * x', true],
  ['sum(x) * on () group_right () y', true],
  ['y * on () group_left () sum(x)', true],
  ['sum(y) * on () group_left () x', false],
  ['histogram_fraction(0, 0.2, sum by (le) (rate(x_bucket[5m])))', false],
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
  ['max_over_time(rate(x[5m])[1h:1m])', 3_900_000],
  ['max_over_time(rate(x[$window])[1h:1m])', 3_600_000],
  ['rate(x{a="[1d"}[5m]) # [2d]', 300_000],
  ['sum(x) / sum(x offset 1w)', 0],
  ['rate(x[', 0],
])('%s looks back %s ms', (query, ms) => {
  expect(longestRangeMs(query)).toBe(ms);
});
