/** The series that play an SLI's story, and what its rule must make of them. */
import type { Catalogue, GaugeSli, QuantileSli, RateSli, RatioSli, Sli } from '../catalogue.js';
import { perSeconds } from '../rules/recording-rule.js';
import { baseMs, intervalSeconds } from '../rules/rule-name.js';
import { exampleLabels, seriesText } from './example-labels.js';
import type { RuleTest } from './rule-test.js';
import { counterText, gaugeText, type Phase, type Steps } from './timeline.js';

export interface Feed {
  readonly series: RuleTest['series'];
  /** Of its rule with the SLI's own labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly values: { readonly quiet: number | null; readonly good: number; readonly breach: number };
}

type Labels = Readonly<Record<string, string>>;

/** Null: no labels could be thought of. */
export function feed(
  catalogue: Catalogue,
  sli: Exclude<Sli, { kind: 'burn-rate' }>,
  phases: readonly Phase[],
): Feed | null {
  const labels = commonLabels(catalogue, sli);
  switch (sli.kind) {
    case 'ratio':
      return ratioFeed(sli, labels, phases);
    case 'quantile':
      return quantileFeed(sli, labels, phases);
    case 'rate':
      return rateFeed(sli, labels, phases);
    case 'gauge':
      return gaugeFeed(sli, labels, phases);
  }
}

function commonLabels({ labels, service }: Catalogue, { by }: Sli): Labels {
  return {
    ...(labels.includes('env') ? { env: 'production' } : {}),
    ...(labels.includes('service') ? { service } : {}),
    ...Object.fromEntries(by.map((label) => [label, 'one'])),
  };
}

/** Enough for every alert on the SLI to take them seriously. */
export const eventsAStep = ({ alerts }: Sli): number => {
  const stepsInBase = baseMs / 1_000 / intervalSeconds;
  return Math.max(30, ...alerts.map(({ minEvents }) => Math.ceil((2 * minEvents) / stepsInBase)));
};

const whileBreached =
  (broken: number, otherwise: number): Steps =>
  (phase) =>
    phase === 'quiet' ? 0 : phase === 'breach' ? broken : otherwise;

/** Labels of good events and of bad ones. */
export function sideLabels(sli: RatioSli, common: Labels): { readonly good: Labels; readonly bad: Labels } | null {
  const inside = exampleLabels([sli.where, sli.side.matchers], null);
  const outside = exampleLabels([sli.where], sli.side.matchers);
  if (inside === null || outside === null) return null;
  const [on, off] = [
    { ...common, ...inside },
    { ...common, ...outside },
  ];
  return sli.side.is === 'bad' ? { bad: on, good: off } : { good: on, bad: off };
}

function ratioFeed(sli: RatioSli, labels: Labels, phases: readonly Phase[]): Feed | null {
  const sides = sideLabels(sli, labels);
  if (sides === null) return null;
  const events = eventsAStep(sli);
  // Nothing has ever failed until the breach: its series is not there.
  const bad: Steps = (phase) => (phase === 'quiet' || phase === 'good' ? null : phase === 'breach' ? events : 0);
  const good = sli.measure === 'good' ? 1 : 0;
  return {
    series: [
      { series: seriesText(sli.events, sides.good), values: counterText(phases, whileBreached(0, events)) },
      { series: seriesText(sli.events, sides.bad), values: counterText(phases, bad) },
    ],
    labels,
    values: { quiet: null, good, breach: 1 - good },
  };
}

/** What an alert or the objective allows at most; null: nobody said. */
const limitOf = ({ alerts, target }: Sli): { readonly value: number; readonly isLeast: boolean } | null => {
  for (const { condition } of alerts)
    if (condition.kind === 'limit') return { value: condition.value, isLeast: condition.side === 'below' };
  return target === null ? null : { value: target.value, isLeast: target.side === 'least' };
};

/** All events in one bucket: the quantile lies where it cuts the bucket. */
function quantileFeed(sli: QuantileSli, common: Labels, phases: readonly Phase[]): Feed | null {
  const matched = exampleLabels([sli.where], null);
  if (matched === null) return null;
  const limit = limitOf(sli) ?? { value: 1, isLeast: false };
  const bounds = { low: limit.value / 2, high: limit.value * 2 };
  const inLow = bounds.low * sli.quantile;
  const inHigh = bounds.low + (bounds.high - bounds.low) * sli.quantile;
  const events = eventsAStep(sli);
  const labels = { ...common, ...matched };
  const all = counterText(phases, whileBreached(events, events));
  const low = counterText(phases, limit.isLeast ? whileBreached(events, 0) : whileBreached(0, events));
  const bucket = (le: string): string => seriesText(`${sli.histogram}_bucket`, { ...labels, le });
  const round = (value: number): number => Number(value.toFixed(4));
  return {
    series: [
      { series: bucket(String(bounds.low)), values: low },
      { series: bucket(String(bounds.high)), values: all },
      { series: bucket('+Inf'), values: all },
      { series: seriesText(`${sli.histogram}_count`, labels), values: all },
    ],
    labels: common,
    values: limit.isLeast
      ? { quiet: null, good: round(inHigh), breach: round(inLow) }
      : { quiet: null, good: round(inLow), breach: round(inHigh) },
  };
}

function rateFeed(sli: RateSli, common: Labels, phases: readonly Phase[]): Feed | null {
  const matched = exampleLabels([sli.where], null);
  if (matched === null) return null;
  const limit = limitOf(sli);
  const per = perSeconds(sli);
  // Twice the limit, in whole events a step.
  const many = intervalSeconds * Math.max(1, Math.ceil((2 * (limit?.value ?? 1)) / per));
  const good = limit === null || limit.isLeast ? many : 0;
  const broken = limit === null || !limit.isLeast ? many : 0;
  const value = (events: number): number => (events / intervalSeconds) * per;
  return {
    series: [
      {
        series: seriesText(sli.events, { ...common, ...matched }),
        values: counterText(phases, whileBreached(broken, good)),
      },
    ],
    labels: common,
    values: { quiet: 0, good: value(good), breach: value(broken) },
  };
}

function gaugeFeed(sli: GaugeSli, common: Labels, phases: readonly Phase[]): Feed | null {
  const matched = exampleLabels([sli.where], null);
  if (matched === null) return null;
  const limit = limitOf(sli) ?? { value: 5, isLeast: true };
  const above = limit.value + 1;
  const below = limit.value - 1;
  const [good, broken] = limit.isLeast ? [above, below] : [below, above];
  const values = gaugeText(phases, (phase) => (phase === 'breach' ? broken : good));
  return {
    series: [{ series: seriesText(sli.metric, { ...common, ...matched }), values }],
    labels: common,
    values: { quiet: good, good, breach: broken },
  };
}
