/** Stories of their own for alerts that need one: burn rates over two windows, a baseline of days, too few events. */
import type { Baseline, Catalogue, RatioSli, Sli, SliAlert } from '../catalogue.js';
import { baselineRule, burnRule } from '../rules/recording-rule.js';
import { baseMs } from '../rules/rule-name.js';
import { seriesText } from './example-labels.js';
import { eventsAStep, sideLabels } from './feed.js';
import { firing, rounded, silent, type RuleTest } from './rule-test.js';
import { counterText, phaseEnd, type Phase, type Steps } from './timeline.js';

/** Whole tens of minutes: so often long stories are judged. */
const tens = (ms: number): number => Math.ceil(ms / 600_000) * 10;

/** Soon after the last judgement of a phase: five minutes later its answer would be forgotten. */
const soonAfter = (phases: readonly Phase[], name: Phase['name']): number => phaseEnd(phases, name) - 9;

interface RatioStory {
  readonly phases: readonly Phase[];
  readonly good: Steps;
  readonly bad: Steps;
}

function ratioSeries(catalogue: Catalogue, sli: RatioSli, story: RatioStory) {
  const { labels, service } = catalogue;
  const common = {
    ...(labels.includes('env') ? { env: 'production' } : {}),
    ...(labels.includes('service') ? { service } : {}),
  };
  const sides = sideLabels(sli, { ...common, ...Object.fromEntries(sli.by.map((label) => [label, 'one'])) });
  if (sides === null) return null;
  const series = [
    { series: seriesText(sli.events, sides.good), values: counterText(story.phases, story.good) },
    { series: seriesText(sli.events, sides.bad), values: counterText(story.phases, story.bad) },
  ];
  return { series, common };
}

/** Whether a story takes hours: such are judged now and then only, not each half minute. */
export const isLong = ({ condition }: SliAlert): boolean =>
  condition.kind === 'baseline' || (condition.kind === 'burn' && condition.shortMs > 2 * baseMs);

/** Everything fails, long enough; then nothing does, until the short window has forgotten it. */
export function burnStory(catalogue: Catalogue, sli: Sli, alert: SliAlert): RuleTest | null {
  if (sli.kind !== 'burn-rate') return null;
  const of = catalogue.slis[sli.of];
  const { condition } = alert;
  if (of?.kind !== 'ratio' || condition.kind !== 'burn') return null;
  const breather = isLong(alert) ? 60 : 20;
  const phases: Phase[] = [
    { name: 'quiet', minutes: 10 },
    { name: 'breach', minutes: tens(alert.forMs) + breather },
    { name: 'recovery', minutes: tens(condition.shortMs) + breather },
  ];
  const events = Math.max(eventsAStep(of), alert.minEvents);
  const fed = ratioSeries(catalogue, of, {
    phases,
    good: (phase) => (phase === 'recovery' ? events : 0),
    bad: (phase) => (phase === 'breach' ? events : 0),
  });
  if (fed === null) return null;
  const at = (name: Phase['name']): number => soonAfter(phases, name);
  const short = burnRule(catalogue, sli.record, condition.shortMs);
  return {
    name: `${alert.name}: breach, and recovery as soon as the short window is clean`,
    series: fed.series,
    checks: [
      silent(alert.name, at('quiet')),
      firing(alert.name, at('breach'), true),
      { atMinutes: at('recovery'), expr: rounded(short), value: 0, labels: fed.common },
      firing(alert.name, at('recovery'), false),
    ],
  };
}

/** Everything that happens fails, and hardly anything happens. */
export function fewEventsStory(catalogue: Catalogue, sli: Sli, alert: SliAlert): RuleTest | null {
  const of = sli.kind === 'burn-rate' ? catalogue.slis[sli.of] : sli;
  if (of?.kind !== 'ratio' || alert.minEvents < 10 || alert.condition.kind === 'baseline') return null;
  const phases: Phase[] = [
    { name: 'quiet', minutes: 5 },
    { name: 'breach', minutes: 2 },
    { name: 'recovery', minutes: 8 },
  ];
  const fed = ratioSeries(catalogue, of, { phases, good: () => 0, bad: (phase) => (phase === 'breach' ? 1 : 0) });
  if (fed === null) return null;
  return {
    name: `${alert.name}: a few failures and nothing else are no breach`,
    series: fed.series,
    checks: [6, 8, 10, 12].map((at) => silent(alert.name, at)),
  };
}

/** Days: fed each half minute, judged now and then. */
export function baselineStory(catalogue: Catalogue, sli: Sli, alert: SliAlert): RuleTest | null {
  if (sli.kind !== 'ratio' || sli.baseline === null || alert.condition.kind !== 'baseline') return null;
  const { overMs, agoMs }: Baseline = sli.baseline;
  const over = tens(alert.condition.overMs);
  const phases: Phase[] = [
    { name: 'good', minutes: tens(overMs + agoMs) },
    { name: 'breach', minutes: over + tens(alert.forMs) + 60 },
    { name: 'recovery', minutes: over + 60 },
  ];
  const events = Math.max(100, 10 * alert.minEvents);
  const fed = ratioSeries(catalogue, sli, {
    phases,
    good: (phase) => (phase === 'breach' ? 0 : events),
    bad: (phase) => (phase === 'breach' ? events : 0),
  });
  if (fed === null) return null;
  const at = (name: Phase['name']): number => soonAfter(phases, name);
  return {
    name: `${alert.name}: below what it used to be, and back`,
    series: fed.series,
    checks: [
      { atMinutes: at('good'), expr: rounded(baselineRule(catalogue, sli)), value: 1, labels: fed.common },
      silent(alert.name, at('good')),
      firing(alert.name, at('breach'), true),
      firing(alert.name, at('recovery'), false),
    ],
  };
}
