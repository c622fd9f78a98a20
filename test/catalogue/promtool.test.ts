/** What we say of queries, against what Prometheus' own parser says. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findTool } from '#tools/find-tools.mjs';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { allQueries, allRules, anyCatalogue } from '../support/any-catalogue.js';
import { tempFolder } from '../support/temp-folder.js';

const { path: promtool } = await findTool('promtool', { onProgress: (line) => console.error(line) });

/** The queries it refuses. */
async function refusedOf(queries: readonly string[]): Promise<string[]> {
  const file = join(await tempFolder(), 'rules.json');
  const rules = queries.map((query, index) => ({ record: `r${index}`, expr: query.replaceAll('$window', '5m') }));
  await writeFile(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
  const said = await new Promise<string>((resolve) => {
    execFile(promtool, ['check', 'rules', file], (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
  });
  // Either it found nothing, or it named each rule: anything else is no answer.
  expect(said).toMatch(new RegExp(`SUCCESS: ${queries.length} rules found|group "queries", rule \\d+`));
  const numbers = [...said.matchAll(/group "queries", rule \d+, "r(\d+)"/g)].map((match) => Number(match[1]));
  return [...new Set(numbers)].toSorted((a, b) => a - b).map((index) => queries[index] ?? '');
}

it('takes every query of every catalogue', async () => {
  const text = await readFile('ops/slis/reporting.yaml', 'utf8');
  const loaded = checkCatalogue(text, 'ops/slis/reporting.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const reporting = allQueries({ catalogue: loaded.catalogue, environment: 'production' });
  const any = fc.sample(anyCatalogue, 100).flatMap((one) => [...allQueries(one), ...allRules(one)]);
  expect(await refusedOf([...reporting, ...any])).toEqual([]);
});

it('refuses what we refuse, and takes what we take', async () => {
  const queries = [
    'x',
    'sum(rate(x[$window]))',
    'sum by (a) (x)',
    'rate((x[5m]))',
    'vector(1)',
    'time() - x',
    '-1 * x',
    'scalar(x)',
    'max_over_time(rate(x[5m])[$window:30s])',
    'quantile_over_time(0.9, x[5m])',
    'x offset 1w',
    'x @ end()',
    'sum(',
    'sum(x))',
    'x{a=b}',
    'a b',
    'no_such(x)',
    'x[5x]',
    'rate(x)',
    'rate(sum(x)[5m])',
    'rate(-x[5m])',
    'rate(-(x[5m]))',
    'sum(x[5m])',
    'abs(x[5m])',
    'x[5m] + 1',
    '-x[5m]',
    '(x)[5m]',
    'rate(x[0s])',
    'rate(x[5m])[5m]',
    'sum(1)',
    'sum(time())',
    'x or 0',
    'x and 1',
    'quantile_over_time(0.9, x)',
    'x{a="\\d"}',
    "x{a='it\\'s'}",
    'x{a="it\\\'s"}',
    'x{a="\\x41"}',
    'x{a=~`\\d+`}',
    'x{a="("}',
    'x{a="é☃"}',
    ...patterns.map((pattern) => `x{a=~${JSON.stringify(pattern)}}`),
    ...patterns.map((pattern) => `x{a!~\`${pattern}\`}`),
  ];
  expect(await refusedOf(queries)).toEqual(queries.filter((query) => promqlProblem(query) !== null));
});

const patterns = [
  '',
  'ok',
  '5..',
  'a|b',
  '(?i)ok',
  '(?s-m:a)',
  '(?P<name>a)',
  '(?:)',
  '[[:alpha:]]+',
  '\\d+\\.\\d',
  '\\pL',
  '\\-\\_',
  'a{',
  ']',
  'a{1000}',
  '\\x{10FFFF}',
  '[^/]+',
  '(',
  ')',
  '[',
  '[^',
  'a**',
  'x*?+',
  '*',
  'a|*',
  'a{2}{3}',
  'a{1001}',
  'a{2,1}',
  '[z-a]',
  '\\',
  '(?z)a',
  '(?=a)b',
  '(?!a)b',
  '(?<=a)b',
  '(?<!a)b',
  '(a)\\1',
  '\\y',
  '\\C',
];
