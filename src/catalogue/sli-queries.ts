/**
 * SLI → PromQL. Every query gives one series or nothing: no error is a number (a ratio of 1, a rate of 0), no traffic
 * is nothing, never NaN; several series are aggregated away.
 */
import type { CheckQueries, CheckUnit } from '../core/plan.js';
import type { Baseline, BurnRateSli, Catalogue, RatioSli, Sli } from './catalogue.js';
import { unitOf } from './in-unit.js';
import { selector, type FixedLabels } from './selector.js';

export interface SliQueries {
  readonly title: string;
  readonly unit: CheckUnit;
  /** With the placeholder `$window`, except where the SLI fixes its own windows. */
  readonly queries: CheckQueries;
  /** It rests on counted events: `minEvents` makes sense. */
  readonly counted: boolean;
  /** Longest window the SLI fixes itself, 0 for an instant value; null: the check chooses. */
  readonly windowMs: number | null;
  /** Samples closer than this share data; null: the check's window. */
  readonly overlapMs: number | null;
}

export interface QueryScope {
  /** The plan's `flag.environment`. */
  readonly environment: string;
}

/** @throws RangeError when the catalogue has no such SLI: the plan's rules look before they ask. */
export function sliQueries(name: string, catalogue: Catalogue, scope: QueryScope): SliQueries {
  const sli = Object.hasOwn(catalogue.slis, name) ? catalogue.slis[name] : undefined;
  if (sli === undefined) throw new RangeError(`no SLI ${name}`);
  return queriesOf(sli, { catalogue, fixed: fixedLabels(catalogue, scope) });
}

interface Surroundings {
  readonly catalogue: Catalogue;
  readonly fixed: FixedLabels;
}

function fixedLabels({ labels, service }: Catalogue, { environment }: QueryScope): FixedLabels {
  return {
    ...(labels.includes('env') ? { env: environment } : {}),
    ...(labels.includes('service') ? { service } : {}),
  };
}

function queriesOf(sli: Sli, { catalogue, fixed }: Surroundings): SliQueries {
  const free = { title: sli.title, windowMs: null, overlapMs: null };
  switch (sli.kind) {
    case 'ratio': {
      const { total, share, newest } = ratioParts(sli, fixed);
      const value = share(sli.measure, '$window');
      return { ...free, unit: 'ratio', counted: true, queries: { value, events: total('$window'), newest } };
    }
    case 'quantile': {
      const count = selector(`${sli.histogram}_count`, fixed, [sli.where]);
      const buckets = selector(`${sli.histogram}_bucket`, fixed, [sli.where]);
      const value = `histogram_quantile(${sli.quantile}, sum by (le) (rate(${buckets}[$window]))) and on () (sum(rate(${count}[$window])) > 0)`;
      const events = `sum(increase(${count}[$window]))`;
      return { ...free, unit: unitOf(sli), counted: true, queries: { value, events, newest: newestOf(count) } };
    }
    case 'rate': {
      const metric = selector(sli.events, fixed, [sli.where]);
      const seconds = sli.perMs / 1_000;
      const value = `sum(rate(${metric}[$window]))${seconds === 1 ? '' : ` * ${seconds}`}`;
      return { ...free, unit: unitOf(sli), counted: false, queries: { value, newest: newestOf(metric) } };
    }
    case 'burn-rate':
      return burnRate(sli, { catalogue, fixed });
    case 'gauge': {
      const metric = selector(sli.metric, fixed, [sli.where]);
      const queries = { value: `${sli.aggregate}(${metric})`, newest: newestOf(metric) };
      return { title: sli.title, unit: 'number', counted: false, windowMs: 0, overlapMs: 0, queries };
    }
  }
}

/** Error ratio over what the objective allows, after "The Site Reliability Workbook", chapter 5. */
function burnRate(sli: BurnRateSli, { catalogue, fixed }: Surroundings): SliQueries {
  const of = catalogue.slis[sli.of];
  if (of?.kind !== 'ratio' || of.objective === null) throw new RangeError(`no ratio SLI ${sli.of} with an objective`);
  const { total, share, newest } = ratioParts(of, fixed);
  const budget = errorBudget(of.objective);
  const [shortest = 0, ...longer] = sli.windowsMs;
  const burn = (windowMs: number): string => `${share('bad', range(windowMs))} / ${budget}`;
  const value = longer.reduce((least, windowMs) => leastOf(least, burn(windowMs)), burn(shortest));
  return {
    title: sli.title,
    unit: 'number',
    counted: true,
    windowMs: longer.at(-1) ?? shortest,
    // The least of them moves with the shortest window.
    overlapMs: shortest,
    queries: { value, events: total(range(shortest)), newest },
  };
}

/** Rounded, or 1 − 0.995 would be spelled 0.0050000000000000044. */
export const errorBudget = (objective: number): number => Number((1 - objective).toPrecision(12));

/** Nothing unless both are there: where one window cannot tell, the burn rate cannot. */
export const leastOf = (a: string, b: string): string => `((${a}) <= (${b})) or ((${b}) <= (${a}))`;

/**
 * The share over the window ÷ the share over the baseline: 1 is as good as before. Nothing where too little happened
 * then, or nothing went well: that is no measure.
 */
export function baselineQueries(
  sli: RatioSli,
  { overMs, agoMs, minEvents }: Baseline,
  { catalogue, environment }: { readonly catalogue: Catalogue } & QueryScope,
): SliQueries {
  const { total, share, newest } = ratioParts(sli, fixedLabels(catalogue, { environment }));
  const then = [range(overMs), range(agoMs)] as const;
  return {
    title: `${sli.title} against its baseline`,
    unit: 'ratio',
    counted: true,
    windowMs: null,
    overlapMs: null,
    queries: {
      value: `${share('good', '$window')} / (${share('good', ...then)} > 0) and ${total(...then)} >= ${minEvents}`,
      events: total('$window'),
      newest,
    },
  };
}

function ratioParts(sli: RatioSli, fixed: FixedLabels) {
  const all = selector(sli.events, fixed, [sli.where]);
  const side = selector(sli.events, fixed, [sli.where, sli.side.matchers]);
  const increase = (metric: string, window: string, ago: string): string =>
    `sum(increase(${metric}[${window}]${ago === '' ? '' : ` offset ${ago}`}))`;
  /** A series that no event made yet counts as 0, as long as there is traffic. */
  const counted = (window: string, ago: string): string =>
    `(${increase(side, window, ago)} or 0 * ${increase(all, window, ago)}) / (${increase(all, window, ago)} > 0)`;
  return {
    total: (window: string, ago = ''): string => increase(all, window, ago),
    share: (of: 'good' | 'bad', window: string, ago = ''): string =>
      of === sli.side.is ? counted(window, ago) : `(1 - ${counted(window, ago)})`,
    newest: newestOf(all),
  };
}

/** Tells a stale answer from a fresh one: range functions go on answering for a whole window after a target is gone. */
const newestOf = (metric: string): string => `max(timestamp(${metric}))`;

const range = (windowMs: number): string => `${Math.max(1, Math.round(windowMs / 1_000))}s`;
