/** What a runbook says about its alert by itself: when it fires, and the numbers behind it, ready to be pasted. */
import type { Catalogue, Sli } from '../catalogue.js';
import { ownAlertRules } from '../own/own-alerts.js';
import { alertRules, runbookName, type AlertRule } from '../rules/alert-rules.js';
import { baselineRule, burnRule, eventsRule, valueRule } from '../rules/recording-rule.js';

export interface AlertBlock {
  readonly alert: string;
  /** File name of its page. */
  readonly page: string;
  readonly text: string;
}

/** One for each alert, however many rules share its name. */
export function alertBlocks(catalogue: Catalogue): AlertBlock[] {
  const rules = [...alertRules(catalogue), ...ownAlertRules(catalogue)];
  return [...new Set(rules.map(({ alert }) => alert))].map((alert) => ({
    alert,
    page: `${runbookName(alert)}.md`,
    text: blockOf(
      catalogue,
      rules.filter((rule) => rule.alert === alert),
    ),
  }));
}

function blockOf(catalogue: Catalogue, rules: readonly AlertRule[]): string {
  const [first] = rules;
  if (first === undefined) return '';
  const severity = first.labels['severity'] ?? '';
  const wakes = severity === 'page' ? 'It pages' : 'It opens a ticket';
  const lasting = first.for === '0s' ? 'as soon as this gives a series' : `when this gives a series for ${first.for}`;
  const { description = '' } = first.annotations;
  const sli = catalogue.slis[first.labels['sli'] ?? ''];
  const numbers = sli === undefined ? [] : numbersOf(catalogue, sli);
  return [
    `${wakes} ${lasting}. ${description}`.trim(),
    ...rules.map(({ expr }) => fence(expr)),
    ...(numbers.length === 0 ? [] : ['The numbers behind it:', ...numbers.map(fence)]),
  ].join('\n\n');
}

export const fence = (query: string): string => `\`\`\`promql\n${query}\n\`\`\``;

function numbersOf(catalogue: Catalogue, sli: Sli): string[] {
  const value = valueRule(catalogue, sli, []);
  const events = eventsRule(catalogue, sli, []);
  return [
    value,
    ...(sli.by.length === 0 ? [] : [`topk(5, ${valueRule(catalogue, sli, sli.by)})`]),
    ...(events === null || events === value ? [] : [events]),
    ...(sli.kind === 'burn-rate' ? sli.windowsMs.map((ms) => burnRule(catalogue, sli.record, ms)) : []),
    ...(sli.kind === 'ratio' && sli.baseline !== null ? [baselineRule(catalogue, sli)] : []),
  ].filter((query, at, all) => all.indexOf(query) === at);
}

/** The index of all alerts, for the page that leads to them. */
export function alertIndex(catalogue: Catalogue): string {
  const severities = new Map(
    [...alertRules(catalogue), ...ownAlertRules(catalogue)].map(({ alert, labels }) => [
      alert,
      labels['severity'] ?? '',
    ]),
  );
  return [...severities].map(([alert, severity]) => `- [${alert}](${runbookName(alert)}.md) (${severity})`).join('\n');
}
