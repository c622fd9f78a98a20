/** The page of metrics names what a worker serves, and its alerts ask for nothing else. */
import { expect, it } from 'vitest';
import { ownAlerts } from '../../src/catalogue/own/own-alerts.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { parseQuery, someNode, textOf } from '../../src/catalogue/promql-tree.js';
import { openTelemetry } from '../../src/telemetry.js';
import { fencesOf, readPage } from '../support/doc-pages.js';

const page = await readPage('docs/metrics.md');
const { text: served } = await openTelemetry().render();
const kinds = new Map(
  [...served.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', kind = '']) => [name, kind] as const),
);

it('every metric, with its kind', () => {
  const rows = [...page.matchAll(/^\| `(holdpoint_\w+)(?:\{[\w,]*\})?` +\| (\w+)/gm)];
  expect(new Map(rows.map(([, name = '', kind = '']) => [name, kind]))).toEqual(kinds);
});

const alerts = fencesOf(page).filter(({ language }) => language === 'promql');

it('there are alerts', () => {
  expect(alerts.length).toBeGreaterThan(3);
});

it.each(alerts)('$body', ({ body }) => {
  expect(promqlProblem(body)).toBeNull();
  const query = parseQuery(body);
  const names: string[] = [];
  if (query.root !== null)
    someNode(query.root, (node) => {
      if (node.name === 'VectorSelector') names.push(/^\w+/.exec(textOf(query, node))?.[0] ?? '');
      return false;
    });
  expect(names).not.toEqual([]);
  for (const name of names) expect([...kinds.keys()]).toContain(name.replace(/_(bucket|sum|count)$/, ''));
});

it('what it shows is what the alerts ask', () => {
  const asked = ownAlerts.map(({ expr }) => expr);
  for (const { body } of alerts) expect(asked).toContain(body.trim());
});
