/** What the rules of a whole catalogue must be to each other: names that tell them apart, within the budget of series. */
import type { Found } from '../catalogue-rules.js';
import type { Catalogue, Sli } from '../catalogue.js';
import { didYouMean } from '../../documents/nearest-word.js';
import { budgetAlertName } from './alert-rules.js';
import type { RecordingRule } from './recording-rule.js';
import { recordingRules } from './recording-rules.js';

/** For a catalogue whose SLIs are right one by one. */
export function ruleSetProblems(catalogue: Catalogue): Found[] {
  const rules = recordingRules(catalogue);
  const outside = labelProblems(catalogue);
  return [
    ...clashes(catalogue, rules),
    ...alertClashes(catalogue),
    ...panelProblems(catalogue),
    ...outside,
    ...(outside.length === 0 ? seriesProblems(catalogue, rules) : []),
  ];
}

/** What the rule's name came from. */
function originOf({ slis }: Catalogue, { sli: id, record }: RecordingRule): readonly string[] {
  const sli = slis[id];
  if (sli?.alias === record) return ['slis', id, 'alias'];
  return sli?.record === id.replaceAll('-', '_') ? ['slis', id] : ['slis', id, 'record'];
}

function clashes(catalogue: Catalogue, rules: readonly RecordingRule[]): Found[] {
  const first = new Map<string, RecordingRule>();
  const told = new Set<string>();
  return rules.flatMap((rule) => {
    const other = first.get(rule.record);
    if (other === undefined) {
      first.set(rule.record, rule);
      return [];
    }
    // A pair of SLIs often makes several rules of the same name: one line says it.
    const pair = `${other.sli} ${rule.sli}`;
    if (told.has(pair)) return [];
    told.add(pair);
    const path = originOf(catalogue, rule);
    const another =
      path.at(-1) === 'alias'
        ? 'another alias'
        : `a "record" of its own, such as record: ${rule.sli.replaceAll('-', '_')}_2`;
    const of = other.sli === rule.sli ? 'this SLI itself' : `"${other.sli}"`;
    return [{ path, message: `${rule.sli}: ${of} makes a rule ${rule.record}, too; give this one ${another}` }];
  });
}

function alertClashes({ slis }: Catalogue): Found[] {
  const first = new Map([[budgetAlertName, 'budget']]);
  return Object.entries(slis).flatMap(([id, { alerts }]) =>
    alerts.flatMap(({ name }, index) => {
      const other = first.get(name);
      if (other === undefined) {
        first.set(name, id);
        return [];
      }
      const message = `${id}: "${other}" has an alert ${name}, too; each has a runbook of its own, so give this one another name`;
      return [{ path: ['slis', id, 'alerts', index, 'name'], message }];
    }),
  );
}

function panelProblems({ dashboard, slis }: Catalogue): Found[] {
  const kept = new Set(Object.values(slis).flatMap(({ by }) => by));
  const variables = (dashboard?.variables ?? []).flatMap((label, index): Found[] => {
    if (kept.has(label)) return [];
    const message = `no SLI keeps "${label}" under by, so there is nothing to choose.${didYouMean(label, [...kept])}`;
    return [{ path: ['dashboard', 'variables', index], message }];
  });
  const panels = (dashboard?.panels ?? []).flatMap(({ slis: shown, show, each, title }, panel) =>
    shown.flatMap((id, index): Found[] => {
      const found = (message: string): Found[] => [
        { path: ['dashboard', 'panels', panel, 'slis', index], message: `${title}: ${message}` },
      ];
      const sli: Sli | undefined = Object.hasOwn(slis, id) ? slis[id] : undefined;
      if (sli === undefined) return found(`there is no SLI "${id}".${didYouMean(id, Object.keys(slis))}`);
      if (show === 'distribution' && sli.kind !== 'quantile')
        return found(`"${id}" is a ${sli.kind}; a distribution needs a quantile, for its histogram`);
      return each && sli.by.length === 0 ? found(`"${id}" has no labels under by, so there is no each`) : [];
    }),
  );
  return [...variables, ...panels];
}

/** Only labels whose number of values somebody has thought about. */
function labelProblems({ slis, budget, labels }: Catalogue): Found[] {
  const values = budget?.values ?? {};
  const env: Found[] =
    budget !== null && labels.includes('env') && !Object.hasOwn(values, 'env')
      ? [{ path: ['budget', 'values'], message: 'has no "env"; say how many environments there are, such as env: 3' }]
      : [];
  const outside = Object.entries(slis).flatMap(([id, { by }]) =>
    by.flatMap((label, index) => {
      if (Object.hasOwn(values, label)) return [];
      const fix = budget === null ? `budget: { series: 500, values: { env: 3, ${label}: 20 } }` : `${label}: 20`;
      const message = `${id}: "${label}" is outside the budget; put it under budget.values with the most values it can have, such as ${fix}, or leave it out here.${didYouMean(label, Object.keys(values))}`;
      return [{ path: ['slis', id, 'by', index], message }];
    }),
  );
  return [...env, ...outside];
}

/** Bounds of a histogram, where the budget says nothing of them: prom-client has 11, most others fewer. */
const usualBuckets = 12;

/** Most series that one rule makes. */
const seriesOf = ({ budget }: Catalogue, { level }: RecordingRule): number =>
  level.reduce((product, label) => product * (budget?.values[label] ?? (label === 'le' ? usualBuckets : 1)), 1);

function seriesProblems(catalogue: Catalogue, rules: readonly RecordingRule[]): Found[] {
  const { budget } = catalogue;
  if (budget === null) return [];
  const sums = new Map<string, number>();
  for (const rule of rules) sums.set(rule.sli, (sums.get(rule.sli) ?? 0) + seriesOf(catalogue, rule));
  const all = [...sums.values()].reduce((sum, count) => sum + count, 0);
  if (all <= budget.series) return [];
  const [most = '', count = 0] = [...sums].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const message = `the rules may make ${all} series, ${most} alone ${count}; raise it, or keep fewer labels under by`;
  return [{ path: ['budget', 'series'], message }];
}
