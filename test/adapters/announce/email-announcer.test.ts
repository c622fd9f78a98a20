/** The e-mail channel against a real SMTP server: what arrives, in which thread, and what is said when nothing does. */
import { afterEach, describe, expect, it } from 'vitest';
import { openEmailAnnouncer, type EmailOptions } from '../../../src/adapters/announce/email-announcer.js';
import { announcement, announcerContract, notice } from '../../support/contracts/announcer-contract.js';
import { openMailServer } from '../../support/mail-server.js';

type MailServer = Awaited<ReturnType<typeof openMailServer>>;
const servers: MailServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function openChannel(serverOptions = {}, over: Partial<EmailOptions> = {}) {
  const server = await openMailServer(serverOptions);
  servers.push(server);
  const troubles: string[] = [];
  const channel = openEmailAnnouncer({
    id: 'on-call-mail',
    server: server.url,
    plaintext: true,
    credentials: null,
    from: 'Holdpoint <holdpoint@example.org>',
    to: ['sre@example.org', 'Release <release@example.org>'],
    onTrouble: (sentence) => void troubles.push(sentence),
    ...over,
  });
  return { server, channel, troubles };
}

announcerContract('email', async () => {
  const { server, channel } = await openChannel();
  const received = () => server.mails.map(({ headers, text }) => `${headers['subject'] ?? ''}\n${text}`);
  return { announcer: channel, received, close: () => server.close() };
});

describe('a mail', () => {
  it('goes to everybody, with what a reader and a mail program want to know', async () => {
    const { server, channel } = await openChannel();
    await channel.announce(announcement({ kind: 'rolled-back', what: 'Zurück auf 0 %, geprüft.' }));
    const [mail] = server.mails;
    expect(mail).toMatchObject({
      from: 'holdpoint@example.org',
      to: ['sre@example.org', 'release@example.org'],
      headers: {
        from: 'Holdpoint <holdpoint@example.org>',
        subject: '[production/reporting-unified at 25 %] rolled-back: Zurück auf 0 %, geprüft.',
        'auto-submitted': 'auto-generated',
        importance: 'High',
      },
    });
    expect(mail?.text.replaceAll('\r\n', '\n')).toBe(
      [
        'Zurück auf 0 %, geprüft.',
        '',
        'why:     All checks passed.',
        'since:   2026-12-01 11:58 UTC',
        'next:    Holding until 16:00 UTC.',
        'decides: sre, release-manager',
        '',
        'rolled-back, 2026-12-01 12:00:04 UTC, plan unified-reporting-day0',
        'rollout/production/reporting-unified, run run-1',
        'More: holdpoint status production/reporting-unified',
        '',
      ].join('\n'),
    );
  });

  it('of one rollout is in one thread, each event with an id that stays the same when it is sent again', async () => {
    const { server, channel } = await openChannel();
    const { channel: restarted } = await openChannel({}, { server: server.url });
    await channel.announce(announcement({ id: 'run-1/1/started' }));
    await restarted.announce(announcement({ id: 'run-1/1/started' }));
    await channel.announce(announcement({ id: 'run-1/2/moved' }));
    await channel.post(notice());
    await channel.announce(announcement({ id: 'run-2/1/started', runId: 'run-2' }));
    const ids = server.mails.map(({ headers }) => headers['message-id']);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
    const threads = server.mails.map(({ headers }) => headers['in-reply-to']);
    expect(new Set(threads.slice(0, 4)).size).toBe(1);
    expect(threads[4]).not.toBe(threads[0]);
    expect(server.mails.map(({ headers }) => headers['references'])).toEqual(threads);
  });

  it('has no header that somebody else wrote', async () => {
    const { server, channel } = await openChannel();
    await channel.announce(announcement({ what: 'up\r\nBcc: all@example.org\r\n\r\nforged' }));
    await channel.post(notice({ subject: 'one\r\nBcc: all@example.org' }));
    for (const { headers, to } of server.mails) {
      expect(headers['bcc']).toBeUndefined();
      expect(to).toHaveLength(2);
    }
  });

  it('is sent with user name and password where the server wants them', async () => {
    const login = { username: 'holdpoint', password: 'pa55word' };
    const { server, channel } = await openChannel({ login }, { credentials: login });
    await channel.announce(announcement());
    expect(server.mails).toHaveLength(1);
  });
});

describe('a mail that does not go out', () => {
  const login = { username: 'holdpoint', password: 'pa55word' };
  it.each([
    [
      'a wrong password',
      { login },
      { credentials: { ...login, password: 'wr0ng' } },
      'not-permitted',
      /\(535\); correct username/,
    ],
    ['no password where one is wanted', { login }, {}, 'refused', /\(530\)/],
    ['no encryption', {}, { plaintext: false }, 'not-permitted', /offers no encryption/],
    ['a certificate of nobody', { plain: false }, { plaintext: false }, 'unreachable', /certificate/],
    ['nobody there', {}, { server: 'smtp://127.0.0.1:1' }, 'unreachable', /ECONNREFUSED/],
  ])('%s', async (...[, serverOptions, over, reason, message]) => {
    const { server, channel } = await openChannel(serverOptions, over);
    const failure: unknown = await channel.announce(announcement()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'AdapterError', adapter: 'channel on-call-mail', reason });
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toMatch(/wr0ng|pa55word/);
    expect(server.mails).toEqual([]);
  });

  it.each([
    ['to', 451],
    ['data', 451],
    ['data', 554],
  ] as const)('refused at %s with %i, and taken at the next attempt', async (at, code) => {
    const { server, channel } = await openChannel({}, { to: ['sre@example.org'] });
    server.refuse({ at, code });
    await expect(channel.announce(announcement())).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining(`(${code})`) as string,
    });
    await channel.announce(announcement());
    expect(server.mails).toHaveLength(1);
  });

  it('to one of two is said aloud, and the other is not told twice', async () => {
    const { server, channel, troubles } = await openChannel();
    server.refuse({ at: 'to', code: 550, only: 'release@example.org' });
    await channel.announce(announcement());
    expect(server.mails.map(({ to }) => to)).toEqual([['sre@example.org']]);
    expect(troubles).toEqual([
      'The channel "on-call-mail" could not tell release@example.org: the mail server refuses them.',
    ]);
  });
});
