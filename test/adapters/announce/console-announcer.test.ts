/** The console channel keeps to the contract, and is readable at three in the morning. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { openConsoleAnnouncer, renderAnnouncement } from '../../../src/adapters/announce/console-announcer.js';
import { announcement, announcerContract } from '../../support/contracts/announcer-contract.js';

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
      '  why:   All checks passed.',
      '  next:  Holding until 16:00 UTC.',
      '  asked: sre, release-manager',
      '',
    ].join('\n'),
  );
});

it('leaves out what there is nothing to say about', () => {
  const little = announcement({
    kind: 'needs-a-human',
    percent: null,
    what: 'Cannot write.',
    why: '',
    next: '',
    who: [],
  });
  expect(renderAnnouncement(little)).toBe(
    '2026-12-01 12:00:04 UTC  production/reporting-unified  needs-a-human  Cannot write.\n',
  );
});

it('makes one line of foreign text, without control characters', () => {
  const foreign = announcement({ what: 'up\u001b[2J\r\n  next:  all is well', why: '', next: '', who: ['a\nb'] });
  expect(renderAnnouncement(foreign).split('\n')).toEqual([
    expect.stringMatching(/ {2}moved {2}up \[2J next: all is well$/),
    '  asked: a b',
    '',
  ]);
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
