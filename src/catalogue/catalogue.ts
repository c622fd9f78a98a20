/** A service's indicators as checked data: what a check's `sli` refers to. Made only by `load-catalogue.ts`. */

/** By label name. A value that begins with `~` is a regular expression over the whole value: `~5..`. */
export type Matchers = Readonly<Record<string, string>>;

/** What the SLI's value is to keep to: a share of good events at least, everything else at most. */
export interface Objective {
  readonly side: 'least' | 'most';
  readonly value: number;
}

interface Named {
  readonly title: string;
  /** Of the recording rules made from it. */
  readonly group: string;
  /** The middle of its rules' names. */
  readonly record: string;
  /** A second, short name for its rule; null: none. */
  readonly alias: string | null;
  /** Labels that rules and dashboards keep; a gate aggregates them away. */
  readonly by: readonly string[];
  /** Null where nobody promised one. */
  readonly target: Objective | null;
  readonly alerts: readonly SliAlert[];
}

export type AlertCondition =
  | { readonly kind: 'limit'; readonly side: 'above' | 'below'; readonly value: number; readonly overMs: number }
  /** Both windows burn: the long one says that it matters, the short one that it goes on. */
  | { readonly kind: 'burn'; readonly above: number; readonly longMs: number; readonly shortMs: number }
  | { readonly kind: 'baseline'; readonly overMs: number }
  /** Its events are gone, and were there within this time. */
  | { readonly kind: 'missing'; readonly withinMs: number };

export interface SliAlert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  readonly forMs: number;
  /** Fewer say nothing; 0: none needed. */
  readonly minEvents: number;
  /** Each value of the labels under `by` is judged for itself. */
  readonly each: boolean;
  readonly condition: AlertCondition;
}

/** What a share used to be, and how far below it may fall. */
export interface Baseline {
  readonly overMs: number;
  readonly agoMs: number;
  readonly within: number;
  /** A time with fewer events is no baseline. */
  readonly minEvents: number;
}

/** How much of the baseline must be left. Rounded, or 1 − 0.9 would be spelled 0.09999999999999998. */
export const leastOfBaseline = ({ within }: Baseline): number => Number((1 - within).toPrecision(12));

/** The share of good events, or with `measure: 'bad'` of bad ones. `bad` or `good` says which are. */
export interface RatioSli extends Named {
  readonly kind: 'ratio';
  /** A counter of all events. */
  readonly events: string;
  readonly where: Matchers;
  readonly side: { readonly is: 'bad' | 'good'; readonly matchers: Matchers };
  readonly measure: 'good' | 'bad';
  /** The share of good events to keep; null where nobody promised one. */
  readonly objective: number | null;
  readonly periodMs: number;
  readonly baseline: Baseline | null;
}

export interface QuantileSli extends Named {
  readonly kind: 'quantile';
  /** A classic histogram, without `_bucket`. */
  readonly histogram: string;
  readonly where: Matchers;
  readonly quantile: number;
}

/** Events per time. */
export interface RateSli extends Named {
  readonly kind: 'rate';
  readonly events: string;
  readonly where: Matchers;
  readonly perMs: number;
}

/** How many times faster than the objective allows the error budget is spent: the least over all windows. */
export interface BurnRateSli extends Named {
  readonly kind: 'burn-rate';
  /** Name of a ratio SLI with an objective. */
  readonly of: string;
  readonly windowsMs: readonly number[];
}

export interface GaugeSli extends Named {
  readonly kind: 'gauge';
  readonly metric: string;
  readonly where: Matchers;
  readonly aggregate: 'sum' | 'max' | 'min' | 'avg';
}

export type Sli = RatioSli | QuantileSli | RateSli | BurnRateSli | GaugeSli;

/** Most series that all rules may make, and most values of each label that they keep. */
export interface Budget {
  readonly series: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface PanelFile {
  readonly title: string;
  readonly description: string;
  readonly show: 'gauge' | 'stat' | 'trend' | 'distribution';
  readonly slis: readonly string[];
  readonly each: boolean;
}

export interface DashboardFile {
  readonly uid: string;
  readonly title: string;
  /** Labels to choose from, beside the catalogue's. */
  readonly variables: readonly string[];
  readonly panels: readonly PanelFile[];
}

export interface Catalogue {
  readonly service: string;
  /** Labels on every series: `env` and `service` are matched with the plan's environment and the catalogue's service. */
  readonly labels: readonly string[];
  readonly slis: Readonly<Record<string, Sli>>;
  readonly budget: Budget | null;
  /** Where an alert sends people, without a slash at the end; null: nowhere. */
  readonly links: { readonly runbooks: string; readonly dashboards: string } | null;
  readonly dashboard: DashboardFile | null;
}
