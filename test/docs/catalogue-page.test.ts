/** The page on catalogues shows one that is right, and queries that are wrong. */
import { expect, it } from 'vitest';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { unsafeProblem } from '../../src/catalogue/unsafe-promql.js';
import { readPage } from '../support/doc-pages.js';

const page = await readPage('docs/sli-catalogue.md');

it('its catalogue is right, and has every kind', () => {
  const loaded = checkCatalogue(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '', 'page.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const kinds = new Set(Object.values(loaded.catalogue.slis).map(({ kind }) => kind));
  expect([...kinds].toSorted()).toEqual(['burn-rate', 'gauge', 'quantile', 'rate', 'ratio']);
});

it('what it calls refused is refused, and what to write instead is not', () => {
  const table = page
    .slice(page.indexOf('## Queries of your own'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const cells = table.map((row) => row.split(' | ').map(queriesIn));
  const refused = cells.flatMap(([first = []]) => first);
  const instead = cells.flatMap(([, , third = []]) => third);
  expect([refused.length, instead.length]).toEqual([10, 1]);
  for (const query of refused) expect([query, problemOf(query)]).toEqual([query, expect.any(String)]);
  for (const query of instead) expect([query, problemOf(query)]).toEqual([query, null]);
});

/** With a metric where the page leaves something out. */
const queriesIn = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]*[([{][^`]*)`/g)]
    .map(([, query = '']) => query.replace('…', 'sum(x)'))
    .map((query) => (query.startsWith('or ') ? `sum(x) ${query}` : query));

const problemOf = (query: string): string | null => promqlProblem(query) ?? unsafeProblem(query);
