/** Catalogue → every file about rules: recording rules, alerts, their tests, and the alerts on Holdpoint itself. */
import { basename } from 'node:path';
import type { Catalogue } from '../catalogue.js';
import { ownAlertRules } from '../own/own-alerts.js';
import { renderLongRuleTests, renderRuleTests } from '../rule-tests/render-tests.js';
import { madeFrom, renderAlertRules, renderAlerts, renderRecordingRules } from './render-rules.js';

export interface RenderedFile {
  /** From the folder that all are written to. */
  readonly path: string;
  readonly text: string;
}

/** @param catalogueFile - gives the files their names. */
export function ruleFiles(catalogue: Catalogue, catalogueFile: string): RenderedFile[] {
  const source = basename(catalogueFile);
  const stem = source.replace(/\.[^.]*$/, '');
  const [rules, alerts] = [`${stem}.rules.yaml`, `${stem}.alerts.yaml`];
  const tested = { catalogue, source, ruleFiles: [rules, alerts] };
  return [
    { path: rules, text: renderRecordingRules(catalogue, source) },
    { path: alerts, text: renderAlertRules(catalogue, source) },
    { path: `${stem}.tests.yaml`, text: renderRuleTests(tested) },
    { path: `${stem}.long-tests.yaml`, text: renderLongRuleTests(tested) },
    { path: 'holdpoint.alerts.yaml', text: renderAlerts('holdpoint', ownAlertRules(catalogue), own(source)) },
  ];
}

const own = (source: string): string => `Alerts on Holdpoint itself. ${madeFrom(source)}`;
