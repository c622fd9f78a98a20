/** Runs a smoke suite and reports what it showed. */
import { cancellationSignal } from '@temporalio/activity';
import type { SmokeOutcome } from '../src/core/smoke-outcome.js';
import type { ActivityDeps } from './deps.js';
import { whileBeating } from './while-beating.js';

export function createSmoke(deps: ActivityDeps) {
  return {
    runSmoke: ({ suite }: { readonly suite: string }): Promise<SmokeOutcome> =>
      whileBeating(() => deps.smoke.run(suite, { signal: cancellationSignal() })),
  };
}
