/** The page on alerts names every alert there is, with its severity, and every short name of a rule. */
import { expect, it } from 'vitest';
import { loadCatalogue } from '../../src/catalogue/load-catalogue.js';
import { ownAlerts } from '../../src/catalogue/own/own-alerts.js';
import { alertRules } from '../../src/catalogue/rules/alert-rules.js';
import { readPage } from '../support/doc-pages.js';

const page = await readPage('docs/dashboards-and-alerts.md');
const loaded = await loadCatalogue('ops/slis/reporting.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { catalogue } = loaded;

it('every alert, with its severity', () => {
  const rows = [...page.matchAll(/^\| `([A-Z]\w+)` +\| (page|ticket) /gm)].map(([, name, severity]) => [
    name,
    severity,
  ]);
  const alerts = [
    ...alertRules(catalogue).map(({ alert, labels }) => [alert, labels['severity']]),
    ...ownAlerts.map(({ name, severity }) => [name, severity]),
  ];
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(alerts));
});

it('every short name', () => {
  const aliases = Object.values(catalogue.slis).flatMap(({ alias }) => alias ?? []);
  const missing = aliases.filter(
    (alias) => !page.includes(`\`${alias}\``) && !page.includes(`\`${alias.replace(/^\w+/, '')}\``),
  );
  expect(missing).toEqual([]);
});

it('the limits it names are those of the catalogue', () => {
  const texts: readonly [alert: string, limit: string][] = [
    ['AutosaveSuccessRateLow', '99 %'],
    ['FastBurnRate', '10 times'],
    ['SteadyBurnRate', '6 times'],
    ['ApiLatencyHigh', '800 ms'],
    ['ApiErrorRateHigh', '1 %'],
    ['ExportErrorRateHigh', '1 %'],
    ['ReportFinalizeBelowBaseline', '10 %'],
  ];
  for (const [name, limit] of texts) {
    const rule = alertRules(catalogue).find(({ alert }) => alert === name);
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    expect(row).toContain(limit);
    expect(rule?.annotations['summary']).toContain(limit.replace(' times', ''));
  }
});
