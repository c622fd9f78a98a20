/** The status of a rollout whose release manager has said go at 25 %, and which waits for an sre. */
import type { Finding } from '../../src/core/finding.js';
import type { RolloutStatus } from '../../src/core/rollout-shapes.js';

export const aFinding = (changes: Partial<Finding> = {}): Finding => ({
  check: 'saves',
  scope: 'gate',
  outcome: 'pass',
  severity: 'rollback',
  sentence: 'Autosave success is 99.91 %, limit at least 99.5 %.',
  ...changes,
});

export const aStatus = (changes: Partial<RolloutStatus> = {}): RolloutStatus => ({
  rollout: 'rollout/production/saves',
  runId: 'run-1',
  plan: 'day0',
  planDigest: `sha256:${'ab'.repeat(32)}`,
  startedBy: 'dana',
  state: 'asking',
  stage: 2,
  stages: 4,
  percent: { intended: 25, observed: 25, observedAt: '2026-12-01T11:59:55Z' },
  since: '2026-12-01T11:50:00Z',
  holdEndsAt: '2026-12-01T11:50:00Z',
  next: { move: 'ask', sentence: 'Waiting for a go from sre.', at: null },
  verdict: {
    outcome: 'pass',
    headline: 'All 1 checks pass.',
    evidenceDigest: `sha256:${'cd'.repeat(32)}`,
    at: '2026-12-01T11:59:00Z',
    findings: [aFinding()],
  },
  asked: {
    roles: [
      { role: 'release-manager', need: 1, have: 1 },
      { role: 'sre', need: 1, have: 0 },
    ],
    checklist: [],
    probes: [],
    until: '2026-12-01T13:50:00Z',
    decisions: [
      { by: 'ria', role: 'release-manager', decision: 'go', at: '2026-12-01T11:58:00Z', identity: 'claimed' },
    ],
  },
  fence: 7,
  owner: 'rollout/production/saves@run-1',
  refused: null,
  receipt: null,
  ...changes,
});
