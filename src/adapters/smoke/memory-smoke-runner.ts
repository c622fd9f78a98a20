/** The shipped fake: outcomes by script. For tests and rehearsals. */
import type { SmokeOutcome } from '../../core/smoke-outcome.js';
import type { SmokeRunner } from './smoke-runner.js';

export type ScriptedSmoke = Pick<SmokeOutcome, 'outcome' | 'steps' | 'detail'>;

const unknown: ScriptedSmoke = { outcome: 'unavailable', steps: [], detail: 'the script has no suite of that id' };

export function openMemorySmokeRunner(
  suites: readonly string[],
  run: (suite: string) => ScriptedSmoke,
  now: () => number = Date.now,
): SmokeRunner {
  return {
    suites,
    run: async (suite) => {
      await Promise.resolve();
      const shown = suites.includes(suite) ? run(suite) : unknown;
      return { suite, at: new Date(now()).toISOString(), durationMs: 0, ...shown };
    },
  };
}
