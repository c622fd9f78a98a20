/** Whatever a rollout says, it says why, since when, what comes next and who decides. */
import { expect, it } from 'vitest';
import { announcementLines, whereOf } from '../../src/core/announcement-lines.js';
import type { AnnouncementKind } from '../../src/core/announcement.js';
import { announcement } from '../support/contracts/announcer-contract.js';

const kinds: readonly AnnouncementKind[] = [
  'started',
  'moved',
  'asked',
  'reminder',
  'escalation',
  'warning',
  'paused',
  'resumed',
  'rolled-back',
  'needs-a-human',
  'refused',
  'superseded',
  'completed',
  'orphan',
];

it.each(kinds)('%s, even when it says as little as it can', (kind) => {
  const { since: _, ...rest } = announcement({ kind, why: ' ', next: '', who: [] });
  const lines = announcementLines(rest);
  expect(lines.map(({ label }) => label)).toEqual(['why', 'since', 'next', 'decides']);
  for (const { text } of lines) expect(text.trim().length).toBeGreaterThan(5);
  expect(lines[1]?.text).toBe('2026-12-01 12:00:04 UTC');
});

it('one that ended asks nobody; one that goes on says how to take it back', () => {
  const decides = (kind: AnnouncementKind): string | undefined =>
    announcementLines(announcement({ kind, who: [] })).find(({ label }) => label === 'decides')?.text;
  expect(decides('rolled-back')).toBe('nobody is asked');
  expect(decides('moved')).toContain('holdpoint rollback production/reporting-unified');
});

it('its own words go before what goes for its kind', () => {
  expect(announcementLines(announcement()).map(({ text }) => text)).toEqual([
    'All checks passed.',
    '2026-12-01 11:58 UTC',
    'Holding until 16:00 UTC.',
    'sre, release-manager',
  ]);
  expect(whereOf(announcement({ percent: null }))).toBe('production/reporting-unified');
});
