/** The port to the numbers. */
import type { Reading } from '../../core/sample.js';

/** One check's PromQL, windows filled in. */
export interface MetricsQuery {
  readonly id: string;
  readonly value: string;
  readonly events?: string;
  readonly newest?: string;
}

export interface MeasureOptions {
  readonly signal?: AbortSignal;
}

export interface MetricsSource {
  /** Name of the server for people and evidence: no credentials. */
  readonly server: string;
  /**
   * Every query at the one instant `at` (ISO). Never throws for what the source says or fails to say: trouble is a
   * `Reading` of kind `unavailable` or `invalid`. One reading for each query id.
   */
  measure(
    queries: readonly MetricsQuery[],
    at: string,
    options?: MeasureOptions,
  ): Promise<ReadonlyMap<string, Reading>>;
  /** Whether the source answers at all, and if not, why. `clockMs`: its own clock, epoch milliseconds; null: it tells none. */
  ready(): Promise<
    { readonly ready: true; readonly clockMs: number | null } | { readonly ready: false; readonly detail: string }
  >;
}
