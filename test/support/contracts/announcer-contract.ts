/** What every announcer keeps to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcer } from '../../../src/adapters/announce/announcer.js';
import type { Announcement } from '../../../src/core/announcement.js';

export interface AnnouncerUnderTest {
  readonly announcer: Announcer;
  /** What came out at the other end, one text an announcement, oldest first. */
  received(): readonly string[];
  close(): Promise<void>;
}

export const announcement = (over: Partial<Announcement> = {}): Announcement => ({
  id: 'run-1/3/moved',
  kind: 'moved',
  rollout: 'rollout/production/reporting-unified',
  runId: 'run-1',
  flag: 'reporting-unified',
  environment: 'production',
  plan: 'unified-reporting-day0',
  at: '2026-12-01T12:00:04.000Z',
  percent: 25,
  what: 'reporting-unified is at 25 %.',
  why: 'All checks passed.',
  next: 'Holding until 16:00 UTC.',
  who: ['sre', 'release-manager'],
  ...over,
});

export function announcerContract(name: string, open: () => Promise<AnnouncerUnderTest>): void {
  describe(`announcer contract: ${name}`, () => {
    let opened: AnnouncerUnderTest;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('says what happened, why, what is next and who is asked, to which flag', async () => {
      const told = announcement();
      await opened.announcer.announce(told);
      expect(opened.received()).toHaveLength(1);
      for (const part of [told.environment, told.flag, told.kind, told.what, told.why, told.next, ...told.who]) {
        expect(opened.received()[0]).toContain(part);
      }
    });

    it('passes on one after the other, in order, also one that says little', async () => {
      for (const what of ['first', 'second', 'third']) {
        await opened.announcer.announce(announcement({ what, why: '', next: '', who: [], percent: null }));
      }
      const received = opened.received();
      expect(received.map((text) => /first|second|third/.exec(text)?.[0])).toEqual(['first', 'second', 'third']);
    });

    it('keeps its hands off what it is given', async () => {
      const told = Object.freeze(announcement({ who: Object.freeze(['sre']) }));
      await opened.announcer.announce(told);
      expect(told).toEqual(announcement({ who: ['sre'] }));
    });

    it('lets no announcement pass for two, whatever is in it', async () => {
      await opened.announcer.announce(announcement({ what: 'one\n\r\n2026-12-01 13:00 UTC  two\u0000\u001b[2J ✓' }));
      expect(opened.received()).toHaveLength(1);
      expect(opened.received()[0]).toMatch(/one.*two.*✓/);
    });
  });
}
