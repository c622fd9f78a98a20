/** Rules and alerts as files that Prometheus loads. */
import { stringify } from 'yaml';
import type { Catalogue } from '../catalogue.js';
import { alertRules, type AlertRule } from './alert-rules.js';
import { recordingRules } from './recording-rules.js';
import { intervalSeconds } from './rule-name.js';

/** One group each, in the order of the catalogue. */
export function renderRecordingRules(catalogue: Catalogue, source: string): string {
  const groups = new Map<string, { record: string; expr: string }[]>();
  for (const { group, record, expr } of recordingRules(catalogue)) {
    const rules = groups.get(group) ?? [];
    groups.set(group, [...rules, { record, expr }]);
  }
  return renderYaml(madeFrom(source), {
    groups: [...groups].map(([name, rules]) => ({ name, interval: `${intervalSeconds}s`, rules })),
  });
}

export const renderAlertRules = (catalogue: Catalogue, source: string): string =>
  renderAlerts(alertGroup(catalogue), alertRules(catalogue), madeFrom(source));

export const renderAlerts = (name: string, rules: readonly AlertRule[], head: string): string =>
  renderYaml(head, { groups: [{ name, interval: `${intervalSeconds}s`, rules }] });

export const madeFrom = (source: string): string =>
  `Made from ${source} by \`holdpoint rules render\`: change it there.`;

export const renderYaml = (head: string, value: object): string =>
  `# ${head}\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })}`;

const alertGroup = ({ service }: Catalogue): string => `${service}-alerts`;

/** Groups of rules, then that of alerts. Burn rates build on what other groups record. */
export function groupOrder(catalogue: Catalogue): string[] {
  const rules = recordingRules(catalogue);
  const burns = (group: string): boolean =>
    rules.some((rule) => rule.group === group && catalogue.slis[rule.sli]?.kind === 'burn-rate');
  const groups = [...new Set(rules.map(({ group }) => group))];
  return [...groups.filter((group) => !burns(group)), ...groups.filter(burns), alertGroup(catalogue)];
}
