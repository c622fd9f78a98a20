/** What a smoke suite showed. */

export interface SmokeStep {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  /** For a failed step: what was expected, what came back. */
  readonly detail?: string;
}

export interface SmokeOutcome {
  readonly suite: string;
  /** `unavailable`: the suite could not be run at all, such as a missing file. Neither red nor green. */
  readonly outcome: 'passed' | 'failed' | 'unavailable';
  /** ISO instant the suite began. */
  readonly at: string;
  readonly durationMs: number;
  readonly steps: readonly SmokeStep[];
  readonly detail?: string;
}
