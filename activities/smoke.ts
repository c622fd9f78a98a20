/** Runs a smoke suite and reports what it showed. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { SmokeOutcome } from '../src/core/smoke-outcome.js';
import type { ActivityDeps } from './deps.js';

export function createSmoke(deps: ActivityDeps) {
  return {
    runSmoke: async ({ suite }: { readonly suite: string }): Promise<SmokeOutcome> => {
      const beating = setInterval(() => heartbeat(), 2_000);
      try {
        return await deps.smoke.run(suite, { signal: cancellationSignal() });
      } finally {
        clearInterval(beating);
      }
    },
  };
}
