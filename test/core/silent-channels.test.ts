/** A channel that is silent shows: what it is late with, and what was given up. */
import { expect, it } from 'vitest';
import { nextEntry } from '../../src/core/audit.js';
import { notDelivered, silentChannels } from '../../src/core/silent-channels.js';

const nowMs = Date.parse('2026-12-01T12:10:00Z');
const audit = nextEntry([], {
  at: '2026-12-01T12:01:00.000Z',
  kind: 'trouble',
  data: { what: notDelivered, channel: 'mail', kind: 'moved', error: 'refused' },
});
const waiting = (channel: string, at: string) => ({ channel, announcement: { kind: 'asked' as const, at } });

it.each([
  ['nothing under way', [], [], []],
  ['under way since a moment', [waiting('room', '2026-12-01T12:09:30.000Z')], [], []],
  [
    'under way for long',
    [waiting('room', '2026-12-01T12:08:00.000Z')],
    [],
    [['room', '2026-12-01T12:08:00.000Z', /since 2026-12-01 12:08 UTC: asked still tried\. Nothing waits/]],
  ],
  ['given up', [], [audit], [['mail', '2026-12-01T12:01:00.000Z', /: moved given up\./]]],
  [
    'both, each channel once',
    [waiting('room', '2026-12-01T12:05:00.000Z'), waiting('mail', '2026-12-01T12:00:00.000Z')],
    [audit],
    [
      ['mail', '2026-12-01T12:00:00.000Z', /asked still tried; moved given up/],
      ['room', '2026-12-01T12:05:00.000Z', /asked still tried/],
    ],
  ],
])('%s', (...[, undelivered, entries, wanted]) => {
  const found = silentChannels({ undelivered, audit: entries, nowMs });
  expect(found.map(({ channel, since }) => [channel, since])).toEqual(
    wanted.map(([channel, since]) => [channel, since]),
  );
  for (const [index, [, , sentence]] of wanted.entries()) expect(found[index]?.sentence).toMatch(sentence as RegExp);
});
