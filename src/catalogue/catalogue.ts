/** A service's indicators as checked data: what a check's `sli` refers to. Made only by `load-catalogue.ts`. */

/** By label name. A value that begins with `~` is a regular expression over the whole value: `~5..`. */
export type Matchers = Readonly<Record<string, string>>;

interface Named {
  readonly title: string;
}

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
}

export interface QuantileSli extends Named {
  readonly kind: 'quantile';
  /** A classic histogram, without `_bucket`. */
  readonly histogram: string;
  readonly where: Matchers;
  readonly quantile: number;
  /** Labels that rules and dashboards keep; a gate aggregates them away. */
  readonly by: readonly string[];
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

export interface Catalogue {
  readonly service: string;
  /** Labels on every series: `env` and `service` are matched with the plan's environment and the catalogue's service. */
  readonly labels: readonly string[];
  readonly slis: Readonly<Record<string, Sli>>;
}
