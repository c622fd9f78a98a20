/** One answer from the metrics source: a value with its time and event count, or why there is none. */

export type UnavailableReason =
  | 'unreachable' // no connection
  | 'timeout'
  | 'http-error' // a status that is not an answer
  | 'not-json'
  | 'too-large'
  | 'bad-query' // the server refused the query
  | 'partial' // an answer with warnings: some data is missing
  | 'stale'; // the newest raw sample is too old

export type InvalidReason = 'nan' | 'infinite' | 'several-series' | 'wrong-type' | 'negative-events';

/** What the source said of one query at one instant. */
export type Reading =
  | { readonly kind: 'value'; readonly value: number; readonly raw: string; readonly events?: number }
  | { readonly kind: 'no-data' } // the source answered: there is nothing
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason; readonly detail: string }
  | { readonly kind: 'invalid'; readonly reason: InvalidReason; readonly detail: string };

/** `watch`: the check's own window. `gate`: the window the check has at a hold point, mostly the stage so far. */
export type SampleScope = 'watch' | 'gate';

export interface Sample {
  readonly check: string;
  readonly scope: SampleScope;
  /** ISO instant the queries were evaluated at. */
  readonly at: string;
  /** 0 for an instant value. */
  readonly windowMs: number;
  readonly reading: Reading;
}
