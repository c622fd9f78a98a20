/** A plan for the real server. Looks are rare, the guard is quick: what happens in between only the guard can see. */
import type { Gate, Plan, Stage } from '../../src/core/plan.js';
import { aCheck, aGate, aPlan } from './a-plan.js';

const second = 1_000;

/** Longer than any test. */
export const aLongHold = (percent: number, gate: Gate = aGate()): Stage => ({ percent, holdMs: 600 * second, gate });

/** Over a second: no gate can pass on a shorter window. */
export const aShortHold = (percent: number, gate: Gate = aGate()): Stage => ({ percent, holdMs: 1.5 * second, gate });

export function aGuardedPlan(changes: Parameters<typeof aPlan>[0] = {}): Plan {
  const everyMs = 600 * second;
  return aPlan({
    watch: { everyMs, guardMs: 100, checks: ['autosave-success'] },
    checks: { 'autosave-success': aCheck('autosave-success', { windowMs: 1, overlapMs: 50, everyMs }) },
    stages: [aLongHold(10), aShortHold(100, aGate({ decision: null }))],
    ...changes,
  });
}
