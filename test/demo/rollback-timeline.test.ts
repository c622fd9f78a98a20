/** From breaking to nobody being hit, in the order of time. */
import { describe, expect, it } from 'vitest';
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { rollbackTimeline } from '../../src/demo/rollback-timeline.js';

const at = (ms: number): string => new Date(Date.parse('2026-12-01T08:00:00.000Z') + ms).toISOString();

const auditOf = (...entries: readonly (readonly [AuditKind, Record<string, unknown>])[]): AuditEntry[] =>
  entries.map(([kind, data]) => nextEntry([], { at: at(0), kind, data }));

const receipt = { state: 'proven', percent: 0, writtenAt: at(6_060), provenAt: at(6_061) };
const obeyed = [
  { at: at(-60_000), percent: 0 },
  { at: at(-2_000), percent: 50 },
  { at: at(6_058), percent: 0 },
];

describe('the timeline', () => {
  it('shows breach, both windows, decision, obedience, write and proof', () => {
    const audit = auditOf(
      ['breach', { confirmed: true, samples: [{ at: at(1_000) }, { at: at(6_000) }] }],
      ['rollback', { askedAt: at(6_020), receipt }],
    );
    expect(rollbackTimeline({ brokenAt: at(0), audit, obeyed })).toEqual([
      { afterMs: 0, what: 'the new code path begins to fail' },
      { afterMs: 1_000, what: 'the guard sees it' },
      { afterMs: 6_000, what: 'the guard sees it again, in a window of its own' },
      { afterMs: 6_020, what: 'the workflow judges that again, and rolls back' },
      { afterMs: 6_058, what: 'the service obeys: nobody gets the new code path' },
      { afterMs: 6_060, what: 'the safe state is written durably' },
      { afterMs: 6_061, what: 'the safe state is proven by reading it back' },
    ]);
  });

  it('names the look where that was quicker than the guard', () => {
    const audit = auditOf(
      ['verdict', { outcome: 'fail', evidenceAt: at(5_000) }],
      ['rollback', { askedAt: at(5_010), receipt }],
    );
    const steps = rollbackTimeline({ brokenAt: at(0), audit, obeyed });
    expect(steps[1]).toEqual({ afterMs: 5_000, what: 'a look sees it' });
  });

  it('leaves out what nobody saw', () => {
    expect(rollbackTimeline({ brokenAt: at(0), audit: [], obeyed: [] })).toEqual([
      { afterMs: 0, what: 'the new code path begins to fail' },
    ]);
  });
});
