/** The shipped fake: outcomes by script. For tests and rehearsals. */
import type { SmokeOutcome } from '../../core/smoke-outcome.js';
import type { SmokeRunner } from './smoke-runner.js';

export function openMemorySmokeRunner(
  suites: readonly string[],
  run: (suite: string) => Pick<SmokeOutcome, 'outcome' | 'steps' | 'detail'>,
  now: () => number = Date.now,
): SmokeRunner {
  return {
    suites,
    run: (suite) => Promise.resolve({ suite, at: new Date(now()).toISOString(), durationMs: 0, ...run(suite) }),
  };
}
