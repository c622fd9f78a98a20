/** How fast an error budget is spent, window by window: those that a gate reads, and those that alerts read. */
import type { BurnRateSli, Catalogue, RatioSli } from '../catalogue.js';
import { selector } from '../selector.js';
import { errorBudget, leastOf } from '../sli-queries.js';
import { burnRule, serviceLabel, shareNow, shareOver, valueRule, type RecordingRule } from './recording-rule.js';
import { aggregated, baseMs, levelOf, promDuration, type Level } from './rule-name.js';

export function burnRules(
  catalogue: Catalogue,
  sli: BurnRateSli,
  ruled: (record: string, expr: string, level: Level) => RecordingRule,
): RecordingRule[] {
  const of = catalogue.slis[sli.of];
  if (of?.kind !== 'ratio' || of.objective === null) return [];
  const level = levelOf(catalogue, []);
  const budget = errorBudget(of.objective);
  const alerted = sli.alerts.flatMap(({ condition }) =>
    condition.kind === 'burn' ? [condition.shortMs, condition.longMs] : [],
  );
  const windows = [...new Set([...sli.windowsMs, ...alerted])].toSorted((a, b) => a - b);
  const burns = windows.map((windowMs) => {
    const share = badShare(catalogue, of, windowMs);
    return ruled(burnRule(catalogue, sli.record, windowMs), `(${share}) / ${budget}`, level);
  });
  const least = sli.windowsMs.map((windowMs) => burnRule(catalogue, sli.record, windowMs)).reduce(leastOf);
  return [...burns, ruled(valueRule(catalogue, sli, []), least, level)];
}

/** Long windows add up what is recorded: raw counters of three days, each half minute, would be a burden. */
function badShare(catalogue: Catalogue, of: RatioSli, windowMs: number): string {
  const range = `[${promDuration(windowMs)}]`;
  if (windowMs > baseMs) return shareOver(catalogue, of, { of: 'bad', by: [], range });
  if (windowMs === baseMs) return shareNow(catalogue, of, { of: 'bad', by: [] });
  const level = levelOf(catalogue, []);
  const count = (matchers: RatioSli['where'][]): string =>
    aggregated('sum', level, `increase(${selector(of.events, serviceLabel(catalogue), matchers)}${range})`);
  const all = count([of.where]);
  const share = `(${count([of.where, of.side.matchers])} or 0 * ${all}) / (${all} > 0)`;
  return of.side.is === 'bad' ? share : `1 - ${share}`;
}
