/** The port to smoke tests. */
import type { SmokeOutcome } from '../../core/smoke-outcome.js';

export interface SmokeOptions {
  readonly signal?: AbortSignal;
}

export interface SmokeRunner {
  /** Ids of the suites it knows. */
  readonly suites: readonly string[];
  /** Never throws: a suite that cannot be run is an outcome `unavailable`. `always` steps run even after a failure or an abort. */
  run(suite: string, options?: SmokeOptions): Promise<SmokeOutcome>;
}
