/** Asking the metrics and the flag store: samples, whatever happens. */
import type { AskedCheck } from '../src/core/ask-checks.js';
import { iso } from '../src/core/instant.js';
import { formatPercent } from '../src/core/number-text.js';
import type { Sample } from '../src/core/sample.js';
import type { LookFacts } from '../activities/facts.js';
import { checks } from './activity-proxies.js';
import { rethrowCancellation } from './cancellation.js';
import { rootMessage } from './root-message.js';
import { leaveEvent } from './recording.js';
import type { Run } from './run.js';

export const where = (run: Run): string => (run.stage === 0 ? 'in preflight' : `at ${formatPercent(run.intended)}`);

/** Not being able to look is evidence too: every check asked is `unavailable`. */
export async function askWorld(run: Run, asked: readonly AskedCheck[], summary: string): Promise<LookFacts> {
  const { store, key } = run.plan.flag;
  try {
    return await checks(summary).look({
      flag: { store, key },
      asked,
      pack: run.pack,
      stage: run.stage,
    });
  } catch (error) {
    rethrowCancellation(error);
    const at = iso(Date.now());
    leaveEvent(run);
    const detail = `the look could not be made: ${rootMessage(error)}`;
    const samples = asked.map(({ check, scope, windowMs }): Sample => ({
      check,
      scope,
      at,
      windowMs,
      reading: { kind: 'unavailable', reason: 'unreachable', detail },
    }));
    return { at, samples, flag: null, flagProblem: detail, archived: null };
  }
}
