/** Catalogue → alerts: every limit, window and number of events comes from there. */
import type { CheckUnit } from '../../core/plan.js';
import { leastOfBaseline, type Catalogue, type Sli, type SliAlert } from '../catalogue.js';
import { unitOf } from '../in-unit.js';
import { baselineRule, burnRule, eventsRule, shareOver, valueRule } from './recording-rule.js';
import { aggregated, baseMs, intervalSeconds, levelOf, promDuration } from './rule-name.js';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export function alertRules(catalogue: Catalogue): AlertRule[] {
  return [...sliAlerts(catalogue), ...budgetAlerts(catalogue)];
}

function sliAlerts(catalogue: Catalogue): AlertRule[] {
  return Object.entries(catalogue.slis).flatMap(([id, sli]) =>
    sli.alerts.map((alert) => {
      const context = { catalogue, sli, alert };
      return {
        alert: alert.name,
        expr: alertQuery(context),
        for: promDuration(alert.forMs),
        labels: { severity: alert.severity, sli: id },
        annotations: { ...sentences(context), ...links(catalogue, alert.name) },
      };
    }),
  );
}

/** What nobody may call an alert of an SLI. */
export const budgetAlertName = 'LabelBudgetExceeded';

/** An endpoint that is a path and no template makes a series for each report there ever was. */
function budgetAlerts(catalogue: Catalogue): AlertRule[] {
  const slis = Object.values(catalogue.slis);
  return Object.entries(catalogue.budget?.values ?? {}).flatMap(([label, most]) => {
    const kept = slis.filter(({ by }) => by.includes(label)).map((sli) => valueRule(catalogue, sli, sli.by));
    if (kept.length === 0) return [];
    const level = levelOf(catalogue, []);
    const values = aggregated('group', [...level, label], kept.join(' or '));
    return [
      {
        alert: budgetAlertName,
        expr: `${aggregated('count', level, values)} > ${most}`,
        for: '15m',
        labels: { severity: 'ticket', label },
        annotations: {
          summary: `The label ${label} has {{ $value }} values, its budget is ${most}`,
          description: 'Each value makes series of its own in every rule that keeps the label.',
          ...links(catalogue, budgetAlertName),
        },
      },
    ];
  });
}

interface Alerted {
  readonly catalogue: Catalogue;
  readonly sli: Sli;
  readonly alert: SliAlert;
}

/** The page about an alert: its name in kebab case. */
export const runbookName = (alert: string): string =>
  alert
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

interface Linking {
  readonly links: Catalogue['links'];
  readonly dashboard: { readonly uid: string } | null;
  readonly labels: readonly string[];
}

export function links({ links: bases, dashboard, labels }: Linking, alert: string): Record<string, string> {
  if (bases === null) return {};
  const chosen = labels.map((label) => `var-${label}={{ $labels.${label} }}`).join('&');
  const query = chosen === '' ? '' : `?${chosen}`;
  return {
    runbook_url: `${bases.runbooks}/${runbookName(alert)}.md`,
    ...(dashboard === null ? {} : { dashboard_url: `${bases.dashboards}/d/${dashboard.uid}${query}` }),
  };
}

function alertQuery({ catalogue, sli, alert }: Alerted): string {
  const by = alert.each ? sli.by : [];
  const { condition } = alert;
  switch (condition.kind) {
    case 'limit': {
      const sign = condition.side === 'above' ? '>' : '<';
      const value = valueOver({ catalogue, sli, alert }, condition.overMs);
      return `${value} ${sign} ${condition.value}${enough({ catalogue, sli, alert }, condition.overMs)}`;
    }
    case 'burn': {
      const burns = (windowMs: number): string => `${burnRule(catalogue, sli.record, windowMs)} > ${condition.above}`;
      return `${burns(condition.longMs)} and ${burns(condition.shortMs)}${enough({ catalogue, sli, alert }, condition.longMs)}`;
    }
    case 'baseline': {
      const baseline = sli.kind === 'ratio' ? sli.baseline : null;
      const least = `${baseline === null ? 0 : leastOfBaseline(baseline)} * ${baselineRule(catalogue, sli)}`;
      return `${valueOver({ catalogue, sli, alert }, condition.overMs)} < ${least}${enough({ catalogue, sli, alert }, condition.overMs)}`;
    }
    case 'missing': {
      const events = eventsRule(catalogue, sli, by) ?? '';
      const before = aggregated(
        'group',
        levelOf(catalogue, by),
        `last_over_time(${events}[${promDuration(condition.withinMs)}])`,
      );
      return `${before} unless ${events}`;
    }
  }
}

/** Recorded for the base window; over longer ones weighted by events. */
function valueOver({ catalogue, sli, alert }: Alerted, overMs: number): string {
  if (overMs === baseMs || sli.kind !== 'ratio') return valueRule(catalogue, sli, alert.each ? sli.by : []);
  const share = shareOver(catalogue, sli, {
    of: sli.measure,
    by: alert.each ? sli.by : [],
    range: `[${promDuration(overMs)}]`,
  });
  return `(${share})`;
}

/** Few events are chance: one failure of three is no breach of 99 %. */
function enough({ catalogue, sli, alert }: Alerted, windowMs: number): string {
  if (alert.minEvents === 0) return '';
  const counted = sli.kind === 'burn-rate' ? catalogue.slis[sli.of] : sli;
  const events = counted === undefined ? null : eventsRule(catalogue, counted, alert.each ? sli.by : []);
  if (events === null) return '';
  const count =
    windowMs === baseMs
      ? `${events} * ${baseMs / 1_000}`
      : `sum_over_time(${events}[${promDuration(windowMs)}]) * ${intervalSeconds}`;
  return ` and ${count} >= ${alert.minEvents}`;
}

function sentences({ catalogue, sli, alert }: Alerted): Record<string, string> {
  const { condition, minEvents } = alert;
  const shown = [...levelOf(catalogue, alert.each ? sli.by : [])].map((label) => `{{ $labels.${label} }}`).join(', ');
  const where = shown === '' ? '' : ` (${shown})`;
  const unit = unitOf(sli);
  const counted = minEvents > 0 ? ` and at least ${minEvents} events` : '';
  switch (condition.kind) {
    case 'limit': {
      const limit = `${condition.side === 'above' ? 'at most' : 'at least'} ${spell(condition.value, unit)}`;
      return {
        summary: `${sli.title}: ${templated(unit)}, limit ${limit}${where}`,
        description: `Over ${promDuration(condition.overMs)}${counted}, lasting ${promDuration(alert.forMs)}.`,
      };
    }
    case 'burn':
      return {
        summary: `${sli.title}: {{ $value | humanize }} times what the objective allows, limit ${condition.above}${where}`,
        description: `Over ${promDuration(condition.longMs)} and over ${promDuration(condition.shortMs)}${counted}.`,
      };
    case 'baseline': {
      const { overMs = 0, agoMs = 0, within = 0 } = (sli.kind === 'ratio' ? sli.baseline : null) ?? {};
      return {
        summary: `${sli.title}: ${templated(unit)}, more than ${spell(within, 'ratio')} below what it was${where}`,
        description: `Over ${promDuration(condition.overMs)}${counted}, beside the ${promDuration(overMs)} that ended ${promDuration(agoMs)} ago.`,
      };
    }
    case 'missing':
      return {
        summary: `${sli.title}: its metrics are gone${where}`,
        description: `They were there within ${promDuration(condition.withinMs)}. Not knowing is never a pass.`,
      };
  }
}

const templated = (unit: CheckUnit): string =>
  unit === 'ratio'
    ? '{{ $value | humanizePercentage }}'
    : unit === 'seconds'
      ? '{{ $value | humanizeDuration }}'
      : `{{ $value | humanize }}${perUnit(unit)}`;

export const spell = (value: number, unit: CheckUnit): string =>
  unit === 'ratio'
    ? `${Number((value * 100).toPrecision(12))} %`
    : unit === 'seconds'
      ? `${Number((value * 1_000).toPrecision(12))} ms`
      : `${value}${perUnit(unit)}`;

const perUnit = (unit: CheckUnit): string =>
  unit === 'per-minute' ? ' a minute' : unit === 'per-second' ? ' a second' : '';
