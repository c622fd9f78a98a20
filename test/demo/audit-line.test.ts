/** Audit entries as the story tells them. */
import { describe, expect, it } from 'vitest';
import { nextEntry, type AuditKind } from '../../src/core/audit.js';
import { auditLine, type AuditLine } from '../../src/demo/audit-line.js';

function told(kind: AuditKind, data: Record<string, unknown>, obeyedMs: number | null = null): AuditLine | null {
  return auditLine(nextEntry([], { at: '2026-12-01T08:00:00.000Z', kind, data }), obeyedMs);
}

const receipt = { state: 'proven', percent: 25, writtenAt: '', provenAt: '' };
const finding = {
  check: 'autosave',
  scope: 'gate',
  outcome: 'pass',
  severity: 'rollback',
  sentence: 'Autosave is fine.',
};
const digest = `sha256:${'ab'.repeat(32)}`;

describe('the story says', () => {
  it.each([
    ['started', { by: 'dana', plan: 'demo' }, 'dana starts the plan demo.'],
    ['claim', { receipt }, 'The flag is claimed. From here, rolling back is armed.'],
    ['claim', { refused: 'owned-by-another' }, 'The flag could not be claimed: owned-by-another.'],
    ['flip', { receipt }, 'The flag is at 25 %, proven by reading it back.'],
    ['flip', { refused: 'fence-lost' }, 'Not written: fence-lost.'],
    ['flip', { receipt: { ...receipt, state: 'written' } }, 'The flag is at 25 %, written, not proven yet.'],
    ['rollback', { receipt: { ...receipt, percent: 0 } }, 'The flag is back at 0 %, proven by reading it back.'],
    ['verdict', { scope: 'watch', outcome: 'pass', headline: 'All 2 checks pass.' }, 'Look: All 2 checks pass.'],
    ['verdict', { scope: 'watch', outcome: 'fail', headline: 'Autosave is 80 %.' }, 'Watch: Autosave is 80 %.'],
    ['move', { move: 'advance', sentence: 'Moving to 50 %.' }, 'Moving to 50 %.'],
    ['move', { move: 'roll-back', sentence: 'Autosave is 80 %.' }, 'Rolling back: Autosave is 80 %.'],
    ['refusal', { by: 'dana', decision: 'go', why: 'dana started it.' }, 'dana said go. Refused: dana started it.'],
    ['closed', { outcome: 'completed', percent: 100 }, 'The rollout ends: completed at 100 %.'],
    [
      'breach',
      { from: 'guard', confirmed: true, samples: [1, 2] },
      'The guard shows it failing in 2 windows of their own. Judged again, it is a breach.',
    ],
    [
      'smoke',
      { suite: 'reporting', outcome: 'passed', steps: [1, 2], durationMs: 7 },
      'Smoke suite reporting is green: 2 steps in 7 ms.',
    ],
    [
      'decision',
      { by: 'mira', decision: 'go', role: 'sre', reason: 'looks good', evidenceDigest: digest },
      'mira says go as sre, on evidence abababababab: looks good',
    ],
  ] as const)('%s %j as a sentence', (kind, data, text) => {
    expect(told(kind, data)?.text).toBe(text);
  });

  it('how soon the service obeyed, when the service said so', () => {
    expect(told('flip', { receipt }, 3)?.text).toContain('The service obeys within 3 ms.');
  });

  it('nothing of a move that changes nothing', () => {
    expect(told('move', { move: 'wait', sentence: 'Holding.' })).toBeNull();
  });

  it('the numbers of a hold point with their evidence, the green smoke suite apart', () => {
    const findings = [
      finding,
      { ...finding, outcome: 'fail', sentence: 'Exports fail.' },
      { ...finding, check: 'smoke:reporting', sentence: 'Smoke is green.' },
      { ...finding, scope: 'watch', sentence: 'Of the watch.' },
    ];
    expect(
      told('verdict', { scope: 'gate', outcome: 'fail', headline: 'Exports fail.', evidenceDigest: digest, findings }),
    ).toEqual({
      tone: 'bad',
      text: 'Hold point: Exports fail. (evidence abababababab)',
      details: ['✓ Autosave is fine.', '✗ Exports fail.'],
    });
  });
});
