/** Catalogue → recording rules: the finest labels first, the whole service from those. No events is nothing, never NaN. */
import type { Catalogue, GaugeSli, QuantileSli, RateSli, RatioSli, Sli } from '../catalogue.js';
import { selector } from '../selector.js';
import { burnRules } from './burn-rules.js';
import {
  baselineRule,
  bucketRule,
  eventsRule,
  perSeconds,
  serviceLabel,
  shareNow,
  shareOver,
  sideRule,
  valueRule,
  type RecordingRule,
} from './recording-rule.js';
import { aggregated, baseMs, intervalSeconds, levelOf, promDuration, ruleName, type Level } from './rule-name.js';

/** Of one SLI: what is there more than once in all has one text. */
type Ruled = (record: string, expr: string, level: Level) => RecordingRule;

/** In the order in which they build on each other within their group. Names may clash: `ruleSetProblems` looks. */
export function recordingRules(catalogue: Catalogue): RecordingRule[] {
  const all = Object.entries(catalogue.slis).flatMap(([id, sli]) => rulesOf(catalogue, id, sli));
  const seen = new Set<string>();
  return all.filter(({ record, expr }) => {
    const key = `${record}\n${expr}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function rulesOf(catalogue: Catalogue, id: string, sli: Sli): RecordingRule[] {
  const { group } = sli;
  const ruled: Ruled = (record, expr, level) => ({ record, expr, level, group, sli: id });
  const rules = kindRules(catalogue, sli, ruled);
  if (sli.alias === null) return rules;
  const named = aliasedRule(catalogue, sli);
  const level = levelOf(catalogue, sli.by);
  return [...rules, ruled(sli.alias, named, level)];
}

/** A burn rate's short name is that of its shortest window. */
const aliasedRule = (catalogue: Catalogue, sli: Sli): string =>
  sli.kind === 'burn-rate'
    ? ruleName(levelOf(catalogue, []), sli.record, `burnrate${promDuration(sli.windowsMs[0] ?? baseMs)}`)
    : valueRule(catalogue, sli, sli.by);

function kindRules(catalogue: Catalogue, sli: Sli, ruled: Ruled): RecordingRule[] {
  switch (sli.kind) {
    case 'ratio':
      return ratioRules(catalogue, sli, ruled);
    case 'quantile':
      return quantileRules(catalogue, sli, ruled);
    case 'rate':
      return rateRules(catalogue, sli, ruled);
    case 'gauge':
      return gaugeRules(catalogue, sli, ruled);
    case 'burn-rate':
      return burnRules(catalogue, sli, ruled);
  }
}

/** The SLI's own labels, then none: the whole service. */
const levelsOf = ({ by }: Sli): readonly (readonly string[])[] => (by.length === 0 ? [[]] : [by, []]);

const rateOf = (metric: string): string => `rate(${metric}[${promDuration(baseMs)}])`;

function ratioRules(catalogue: Catalogue, sli: RatioSli, ruled: Ruled): RecordingRule[] {
  const rules = levelsOf(sli).flatMap((by) => {
    const level = levelOf(catalogue, by);
    const fine = by.length === sli.by.length;
    const events = eventsRule(catalogue, sli, by) ?? '';
    const side = sideRule(catalogue, sli, by);
    const sum = (matchers: RatioSli['where'][]): string =>
      aggregated('sum', level, rateOf(selector(sli.events, serviceLabel(catalogue), matchers)));
    const summed = (name: string | null): string => aggregated('sum', level, name ?? '');
    return [
      ruled(events, fine ? sum([sli.where]) : summed(eventsRule(catalogue, sli, sli.by)), level),
      // A series that no event made yet counts as 0.
      ruled(
        side,
        fine ? `${sum([sli.where, sli.side.matchers])} or 0 * ${events}` : summed(sideRule(catalogue, sli, sli.by)),
        level,
      ),
      ruled(valueRule(catalogue, sli, by), shareNow(catalogue, sli, { of: sli.measure, by }), level),
    ];
  });
  return sli.baseline === null ? rules : [...rules, baselineOf(catalogue, sli, ruled)];
}

function baselineOf(catalogue: Catalogue, sli: RatioSli, ruled: Ruled): RecordingRule {
  const { overMs = 0, agoMs = 0, minEvents = 1 } = sli.baseline ?? {};
  const range = `[${promDuration(overMs)}] offset ${promDuration(agoMs)}`;
  const share = shareOver(catalogue, sli, { of: sli.measure, by: [], range });
  const events = `sum_over_time(${eventsRule(catalogue, sli, []) ?? ''}${range}) * ${intervalSeconds}`;
  return ruled(baselineRule(catalogue, sli), `${share} and ${events} >= ${minEvents}`, levelOf(catalogue, []));
}

function quantileRules(catalogue: Catalogue, sli: QuantileSli, ruled: Ruled): RecordingRule[] {
  return levelsOf(sli).flatMap((by) => {
    const level = levelOf(catalogue, by);
    const fine = by.length === sli.by.length;
    const buckets = bucketRule(catalogue, sli, by);
    const count = eventsRule(catalogue, sli, by) ?? '';
    const summed = (of: Level, metric: string, recorded: string): string =>
      aggregated('sum', of, fine ? rateOf(selector(metric, serviceLabel(catalogue), [sli.where])) : recorded);
    return [
      ruled(buckets, summed([...level, 'le'], `${sli.histogram}_bucket`, bucketRule(catalogue, sli, sli.by)), [
        ...level,
        'le',
      ]),
      ruled(count, summed(level, `${sli.histogram}_count`, eventsRule(catalogue, sli, sli.by) ?? ''), level),
      ruled(valueRule(catalogue, sli, by), `histogram_quantile(${sli.quantile}, ${buckets}) and ${count} > 0`, level),
    ];
  });
}

function rateRules(catalogue: Catalogue, sli: RateSli, ruled: Ruled): RecordingRule[] {
  const seconds = perSeconds(sli);
  return levelsOf(sli).map((by) => {
    const level = levelOf(catalogue, by);
    const rate = rateOf(selector(sli.events, serviceLabel(catalogue), [sli.where]));
    const expr =
      by.length === sli.by.length
        ? `${aggregated('sum', level, rate)}${seconds === 1 ? '' : ` * ${seconds}`}`
        : aggregated('sum', level, valueRule(catalogue, sli, sli.by));
    return ruled(valueRule(catalogue, sli, by), expr, level);
  });
}

const gaugeRules = (catalogue: Catalogue, sli: GaugeSli, ruled: Ruled): RecordingRule[] =>
  levelsOf(sli).map((by) => {
    const level = levelOf(catalogue, by);
    return ruled(
      valueRule(catalogue, sli, by),
      aggregated(sli.aggregate, level, selector(sli.metric, serviceLabel(catalogue), [sli.where])),
      level,
    );
  });
