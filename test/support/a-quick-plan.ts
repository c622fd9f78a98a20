/** A rollout of seconds for the real server: ten percent, one person, everybody. */
import type { Plan } from '../../src/core/plan.js';
import { aCheck, aGate, aPlan } from './a-plan.js';

const second = 1_000;

export function aQuickPlan(key: string, changes: Parameters<typeof aPlan>[0] = {}): Plan {
  const everyMs = 5 * second;
  return aPlan({
    flag: { store: 'local', environment: 'production', key, rollbackSet: {} },
    watch: { everyMs, guardMs: 500, checks: ['autosave-success'] },
    checks: {
      'autosave-success': aCheck('autosave-success', {
        consecutive: 1,
        windowMs: 0,
        overlapMs: 0,
        everyMs,
        gateWindow: 'watch',
        queries: { value: 'autosave_success' },
      }),
    },
    stages: [
      { percent: 10, holdMs: 0, gate: aGate() },
      { percent: 100, holdMs: second, gate: aGate({ decision: null }) },
    ],
    ...changes,
  });
}
