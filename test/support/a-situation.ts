/** A situation in which nothing is in the way of the next percent, for tests that put one thing there at a time. */
import type { Situation } from '../../src/core/move.js';
import type { Verdict } from '../../src/core/verdict.js';
import { aPlan } from './a-plan.js';

/** Epoch milliseconds. */
export const at = Date.parse('2026-12-01T12:00:00Z');

export const verdict = (outcome: Verdict['outcome'], headline = 'All 3 checks pass.'): Verdict => ({
  outcome,
  headline,
  evidenceDigest: 'sha256:1',
  at: '2026-12-01T12:00:00.000Z',
  findings: [],
});

/** At the hold point of stage 1, everything passed, everybody said go. */
export const clear: Situation = {
  nowMs: at,
  stage: 1,
  stages: 4,
  percent: 10,
  nextPercent: 25,
  policy: aPlan().policy,
  rollback: null,
  fence: { kind: 'ours', owner: 'rollout/production/x@1' },
  breach: null,
  smokeRed: null,
  drift: null,
  reassert: null,
  noGo: null,
  deadline: null,
  cannotTell: null,
  pause: null,
  holdEndsAtMs: at,
  gate: verdict('pass'),
  gateStale: false,
  nextLookAtMs: at + 900_000,
  missingItems: [],
  seats: [{ role: 'sre', need: 1, have: 1 }],
};
