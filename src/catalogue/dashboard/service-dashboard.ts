/** Catalogue → what its dashboard asks and shows; null where the catalogue has none. */
import type { CheckUnit } from '../../core/plan.js';
import { leastOfBaseline, type Catalogue, type PanelFile, type Sli } from '../catalogue.js';
import { unitOf } from '../in-unit.js';
import { spell } from '../rules/alert-rules.js';
import { baselineRule, valueRule } from '../rules/recording-rule.js';
import { levelOf } from '../rules/rule-name.js';
import { chosenLabels, chosenValue, spread } from './chosen-value.js';
import {
  rolloutAnnotations,
  stepsAround,
  type DashboardSketch,
  type PanelSketch,
  type Step,
  type Unit,
} from './sketch.js';

type Dashboard = NonNullable<Catalogue['dashboard']>;

export function serviceDashboard(catalogue: Catalogue): DashboardSketch | null {
  const { dashboard, labels, service } = catalogue;
  if (dashboard === null) return null;
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: `What ${service} promises, and how it keeps to it. Made from its SLI catalogue: change it there.`,
    variables: variables(catalogue, dashboard),
    panels: dashboard.panels.map((panel) => sketchPanel(catalogue, panel)),
    annotations: rolloutAnnotations(labels.includes('env') ? ',environment="$env"' : ''),
  };
}

/** The catalogue's labels, then those that its panels keep. */
function variables(catalogue: Catalogue, dashboard: Dashboard): DashboardSketch['variables'] {
  const slis = Object.values(catalogue.slis);
  const ofLabels = catalogue.labels.map((label, index) => {
    const first = slis[0];
    const metric = first === undefined ? '' : valueRule(catalogue, first, []);
    return { name: label, query: labelValues(catalogue.labels.slice(0, index), metric, label), several: false };
  });
  const ofPanels = dashboard.variables.map((label) => {
    const keeping = slis.find(({ by }) => by.includes(label));
    const metric = keeping === undefined ? '' : valueRule(catalogue, keeping, keeping.by);
    return { name: label, query: labelValues(catalogue.labels, metric, label), several: true };
  });
  return [...ofLabels, ...ofPanels];
}

const labelValues = (chosen: readonly string[], metric: string, label: string): string => {
  const matchers = chosen.map((one) => `${one}="$${one}"`).join(',');
  return `label_values(${metric}${matchers === '' ? '' : `{${matchers}}`}, ${label})`;
};

function sketchPanel(catalogue: Catalogue, panel: PanelFile): PanelSketch {
  const { title, description, show, each } = panel;
  const slis = panel.slis.flatMap((id) => catalogue.slis[id] ?? []);
  const [first] = slis;
  const unit = first === undefined ? 'number' : unitOf(first);
  const queries = slis.flatMap((sli) => {
    if (show === 'distribution')
      return sli.kind === 'quantile' ? [{ expr: spread(catalogue, sli), legend: '{{le}}' }] : [];
    return [
      { expr: chosenValue(catalogue, sli, each), legend: legendOf(sli, each) },
      ...baselineQueries(catalogue, sli, show),
    ];
  });
  return {
    title,
    description: [description, ...slis.flatMap((sli) => objectiveSentence(sli))].join(' '),
    show,
    unit: grafanaUnit(unit),
    queries,
    // A share of bad events is looked at from near: a hundredth of the axis would not be seen.
    ...(slis.every((sli) => sli.kind === 'ratio' && sli.measure === 'good') ? { ends: 1 } : {}),
    steps: show === 'distribution' ? [] : (slis.map(stepsOf).find((steps) => steps.length > 0) ?? []),
  };
}

const legendOf = ({ title, by }: Sli, each: boolean): string =>
  each ? by.map((label) => `{{${label}}}`).join(' ') : title;

function baselineQueries(catalogue: Catalogue, sli: Sli, show: PanelFile['show']): PanelSketch['queries'] {
  if (show !== 'trend' || sli.kind !== 'ratio' || sli.baseline === null) return [];
  const expr = `${leastOfBaseline(sli.baseline)} * ${baselineRule(catalogue, sli)}${chosenLabels(catalogue, levelOf(catalogue, []))}`;
  return [{ expr, legend: `${spell(sli.baseline.within, 'ratio')} below what it was` }];
}

function objectiveSentence(sli: Sli): string[] {
  if (sli.target === null) return [];
  const { side, value } = sli.target;
  return [`Objective: at ${side} ${spell(value, unitOf(sli))}.`];
}

/** The objective, and where an alert wakes somebody up if that is elsewhere. */
function stepsOf({ target, alerts }: Sli): Step[] {
  if (target === null) return [];
  const { side, value } = target;
  const pages = alerts.flatMap(({ condition, severity }) =>
    severity === 'page' && condition.kind === 'limit' ? [condition.value] : [],
  );
  return stepsAround(side, value, pages[0] ?? null);
}

const grafanaUnit = (unit: CheckUnit): Unit =>
  (({ ratio: 'percentunit', seconds: 's', 'per-minute': 'cpm', 'per-second': 'cps', number: 'short' }) as const)[unit];
