/** What every announcer keeps to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/adapters/announce/announcer.js';
import type { Announcement } from '../../../src/core/announcement.js';
import type { Notice } from '../../../src/core/notice.js';

export interface AnnouncerUnderTest {
  readonly announcer: Channel;
  /** What came out at the other end, one text for each announcement and notice, oldest first. */
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
  since: '2026-12-01T11:58:00.000Z',
  percent: 25,
  what: 'reporting-unified is at 25 %.',
  why: 'All checks passed.',
  next: 'Holding until 16:00 UTC.',
  who: ['sre', 'release-manager'],
  ...over,
});

export const notice = (over: Partial<Notice> = {}): Notice => ({
  id: 'run-1/comms/incident-initial-email/0123456789ab',
  template: 'incident-initial-email',
  moment: 'incident-initial',
  medium: 'email',
  audience: 'staff',
  environment: 'production',
  flag: 'reporting-unified',
  runId: 'run-1',
  at: '2026-12-01T12:05:00.000Z',
  subject: 'Reports are saved slowly',
  text: 'Saving a report takes up to a minute.\n\nNext word: 2026-12-01 13:05 UTC',
  by: 'mira',
  confirmed: null,
  ...over,
});

export function announcerContract(name: string, open: () => Promise<AnnouncerUnderTest>): void {
  describe(`announcer contract: ${name}`, () => {
    let opened: AnnouncerUnderTest;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('says what happened, why, since when, what is next and who decides, of which flag', async () => {
      const told = announcement();
      await opened.announcer.announce(told);
      expect(opened.received()).toHaveLength(1);
      const since = /2026-12-01(?:T| )11:58/;
      expect(opened.received()[0]).toMatch(since);
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

    it('passes on the text of a person, subject and all, as it was read before', async () => {
      const sent = Object.freeze(notice());
      await opened.announcer.post(sent);
      expect(opened.received()).toHaveLength(1);
      for (const part of ['Reports are saved slowly', 'Saving a report takes up to a minute.', 'Next word: 2026']) {
        expect(opened.received()[0]).toContain(part);
      }
      expect(sent).toEqual(notice());
    });
  });
}
