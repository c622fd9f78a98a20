/** The console channel keeps to the contract, and is readable at three in the morning. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import {
  openConsoleAnnouncer,
  renderAnnouncement,
  renderNotice,
} from '../../../src/adapters/announce/console-announcer.js';
import { announcement, announcerContract, notice } from '../../support/contracts/announcer-contract.js';

announcerContract('console', () => {
  const texts: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => texts.push(chunk.toString('utf8')));
  return Promise.resolve({
    announcer: openConsoleAnnouncer(stream),
    received: () => texts,
    close: () => Promise.resolve(),
  });
});

it('is a block of short lines', () => {
  expect(renderAnnouncement(announcement())).toBe(
    [
      '2026-12-01 12:00:04 UTC  production/reporting-unified at 25 %  moved  reporting-unified is at 25 %.',
      '  why:     All checks passed.',
      '  since:   2026-12-01 11:58 UTC',
      '  next:    Holding until 16:00 UTC.',
      '  decides: sre, release-manager',
      '',
    ].join('\n'),
  );
});

it('sets a text of a person in, so that no line of it passes for an announcement', () => {
  const forged = notice({ text: 'one\n2026-12-01 12:00 UTC  production/x  completed\u001b[2J  all is well' });
  expect(renderNotice(forged)).toBe(
    [
      '2026-12-01 12:05 UTC  production/reporting-unified  incident-initial-email, sent by mira',
      '  | Reports are saved slowly',
      '  |',
      '  | one',
      '  | 2026-12-01 12:00 UTC production/x completed [2J all is well',
      '',
    ].join('\n'),
  );
});

it('makes one line of foreign text, without control characters', () => {
  const foreign = announcement({ what: 'up\u001b[2J\r\n  next:  all is well', who: ['a\nb'] });
  const lines = renderAnnouncement(foreign).split('\n');
  expect(lines[0]).toMatch(/ {2}moved {2}up \[2J next: all is well$/);
  expect(lines.slice(4)).toEqual(['  decides: a b', '']);
});

it('says so when the stream takes no text, and does not end the process over it', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
  const announcer = openConsoleAnnouncer(stream);
  await expect(announcer.announce(announcement())).rejects.toMatchObject({
    name: 'AdapterError',
    reason: 'unreachable',
    message: 'The stream takes no text: broken pipe.',
  });
  await expect(announcer.announce(announcement())).rejects.toMatchObject({ name: 'AdapterError' });
});
