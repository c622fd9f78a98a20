/** The dashboards that come along: what is committed is what the catalogue says, and would stand in Grafana. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboardFiles } from '../../src/catalogue/dashboard/dashboard-files.js';
import { gridOf } from '../../src/catalogue/dashboard/grid.js';
import { loadCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { chosen, dashboardNames, queriesOf, readDashboard, type Panel } from '../support/dashboards.js';

const loaded = await loadCatalogue('ops/slis/reporting.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { catalogue } = loaded;

it.each(dashboardFiles(catalogue, 'ops/slis/reporting.yaml'))(
  '$path is what the catalogue says',
  async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(`../../ops/grafana/${path}`);
  },
);

const overlap = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Chosen, and one at a time. */
const onlyOne = ['env', 'service', 'le'];

/** Labels of a query's series: of what it aggregates by, or of its rule's name. */
const keptBy = (expr: string): string[] => [
  ...[...expr.matchAll(/ by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(', ')),
  ...(/ by \(/.test(expr)
    ? []
    : (/^(?:[\d.]+ \* )?([a-z_]+):/.exec(expr)?.[1] ?? '').split('_').filter((one) => one !== '')),
];

describe.each(dashboardNames)('%s', async (name) => {
  const dashboard = await readDashboard(name);
  const { panels, templating } = dashboard;

  it('has ids of their own and panels that lie beside each other, within 24 columns', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { gridPos }] of panels.entries()) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (const other of panels.slice(index + 1))
        expect([gridPos, other.gridPos, overlap(gridPos, other.gridPos)]).toEqual([gridPos, other.gridPos, false]);
    }
  });

  it('asks whichever Prometheus is chosen', () => {
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    const text = JSON.stringify(dashboard);
    expect(new Set(text.match(/"uid":"[^"]*"/g))).toEqual(
      new Set([`"uid":"${dashboard.uid}"`, '"uid":"${datasource}"']),
    );
    for (const { datasource, targets } of panels)
      for (const one of [datasource, ...targets.map((target) => target.datasource)])
        expect(one?.uid).toBe('${datasource}');
  });

  it('says what each panel shows, in which unit, and looks again every half minute', () => {
    expect(dashboard.refresh).toBe('30s');
    for (const { title, description, fieldConfig, targets } of panels) {
      expect([title, description?.length ?? 0, fieldConfig.defaults.unit]).toEqual([
        title,
        expect.toSatisfy((length: number) => length > 20),
        expect.any(String),
      ]);
      expect([title, targets.length > 0]).toEqual([title, true]);
    }
  });

  it('names each series in words or by one of its labels, where it can be read', () => {
    for (const { title, type, targets, options } of panels) {
      if (type === 'timeseries') expect([title, options.legend?.showLegend]).toEqual([title, true]);
      for (const { expr, legendFormat } of targets) {
        // Grafana's own word for the whole label set.
        expect([title, legendFormat]).toEqual([title, expect.not.stringMatching(/^(|__auto)$/) as string]);
        const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
        for (const label of labels)
          expect([title, label, keptBy(expr)]).toEqual([title, label, expect.arrayContaining([label])]);
        // What is kept and chosen from several is told apart.
        if (labels.length === 0)
          expect([title, keptBy(expr).filter((one) => !onlyOne.includes(one))]).toEqual([title, []]);
      }
    }
  });

  it('ends its axis where a share ends', () => {
    for (const { title, type, fieldConfig } of panels) {
      const { unit, max } = fieldConfig.defaults;
      if (unit === 'percent') expect([title, max]).toEqual([title, 100]);
      if (unit === 'percentunit' && type !== 'stat' && !/errors/.test(title)) expect([title, max]).toEqual([title, 1]);
    }
  });

  it('asks in PromQL', () => {
    const variables = Object.fromEntries(templating.list.map((variable) => [variable.name, 'x']));
    for (const [what, expr] of queriesOf(dashboard)) {
      const filled = chosen(expr, variables);
      expect([what, filled.includes('$'), promqlProblem(filled)]).toEqual([what, false, null]);
    }
  });
});

it('the viewer has its fourteen panels, with $env, $service and $endpoint, and lines at its objectives', async () => {
  const { panels, templating } = await readDashboard('reporting');
  expect(panels.length).toBe(14);
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'env', 'service', 'endpoint']);
  const lines = Object.fromEntries(
    panels.map(({ title, fieldConfig }) => [
      title,
      fieldConfig.defaults.thresholds?.steps.flatMap(({ value }) => value ?? []) ?? [],
    ]),
  );
  expect(lines).toMatchObject({
    'Autosave success': [0.99, 0.995],
    'Autosave error budget burn': [3],
    'API latency': [0.8],
    'Export errors by format': [0.01],
    'Version conflicts': [1],
  });
});

it('Grafana finds Prometheus and the dashboards', async () => {
  const read = async (path: string): Promise<unknown> =>
    parse(await readFile(`ops/grafana/provisioning/${path}`, 'utf8'));
  expect(await read('datasources/prometheus.yaml')).toMatchObject({
    apiVersion: 1,
    datasources: [{ type: 'prometheus' }],
  });
  expect(await read('dashboards/holdpoint.yaml')).toMatchObject({
    apiVersion: 1,
    providers: [{ type: 'file', options: { path: '/var/lib/grafana/dashboards' } }],
  });
});

it('panels fill their rows', () => {
  expect(gridOf(['gauge', 'trend', 'trend', 'stat'])).toEqual([
    { x: 0, y: 0, w: 8, h: 8 },
    { x: 8, y: 0, w: 16, h: 8 },
    { x: 0, y: 8, w: 12, h: 8 },
    { x: 12, y: 8, w: 12, h: 8 },
  ]);
  expect(gridOf([])).toEqual([]);
});

/** A check that says no limit of its own is held to the objective. */
it('the seed plan asks for what the catalogue promises', async () => {
  const plan = await loadPlan('ops/plans/day0.yaml');
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  const limits = Object.fromEntries(Object.values(plan.plan.checks).map(({ title, limit }) => [title, limit]));
  const promised = Object.values(catalogue.slis).flatMap(({ title, target }) =>
    target === null || limits[title] === undefined
      ? []
      : [[title, target.side === 'least' ? { min: target.value } : { max: target.value }] as const],
  );
  expect(promised.map(([title]) => title).toSorted()).toEqual([
    'API latency p95',
    'Autosave error budget burn',
    'Autosave success',
    'Export errors',
    'Version conflicts',
  ]);
  expect(limits).toMatchObject(Object.fromEntries(promised));
});
