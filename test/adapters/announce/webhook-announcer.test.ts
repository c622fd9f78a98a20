/** The webhook channel against real servers that verify it as Standard Webhooks says, refuse it, or go away. */
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { openWebhookAnnouncer } from '../../../src/adapters/announce/webhook-announcer.js';
import { isWebhookSecret } from '../../../src/adapters/announce/webhook-secret.js';
import { announcement, announcerContract, notice } from '../../support/contracts/announcer-contract.js';
import { openLocalServer, type Answerer, type LocalServer, type SeenRequest } from '../../support/local-server.js';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const headersOf = ({ headers }: SeenRequest) => headers as Record<string, string>;

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function openChannel(answer: Answerer) {
  const server = await openLocalServer(answer);
  servers.push(server);
  return {
    server,
    channel: openWebhookAnnouncer({ id: 'release-room', url: `${server.url}/hook/t0ken?k=s3cret`, secret }),
  };
}

announcerContract('webhook', async () => {
  const texts: string[] = [];
  const { server, channel } = await openChannel((response, request) => {
    // A receiver as the standard wants it: what does not verify is refused.
    const { data } = new Webhook(secret).verify(request.body, headersOf(request)) as { data: unknown };
    texts.push(JSON.stringify(data));
    response.writeHead(204).end();
  });
  return { announcer: channel, received: () => texts, close: () => server.close() };
});

describe('a delivery', () => {
  it('is a signed post with type, time and the whole announcement', async () => {
    const { server, channel } = await openChannel((response) => response.writeHead(202).end());
    await channel.announce(announcement());
    const [request] = server.seen;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook/t0ken?k=s3cret',
      headers: { 'content-type': 'application/json', 'webhook-id': 'run-1/3/moved' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      type: 'rollout.moved',
      timestamp: '2026-12-01T12:00:04.000Z',
      data: announcement(),
    });
  });

  it('of a text that a person sends has its moment as type', async () => {
    const { server, channel } = await openChannel((response) => response.writeHead(202).end());
    await channel.post(notice());
    expect(server.seen[0]?.headers['webhook-id']).toBe('run-1/comms/incident-initial-email/0123456789ab');
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      type: 'comms.incident-initial',
      timestamp: '2026-12-01T12:05:00.000Z',
      data: notice(),
    });
  });

  it('asked to wait passes the wish on', async () => {
    const { channel } = await openChannel((response) => response.writeHead(429, { 'retry-after': '90' }).end());
    await expect(channel.announce(announcement())).rejects.toMatchObject({ reason: 'refused', retryAfterMs: 90_000 });
  });

  it('verifies with the secret, and with nothing changed', async () => {
    const { server, channel } = await openChannel((response) => response.end());
    await channel.announce(announcement({ what: 'Zurück auf 0 % ✓' }));
    const [request] = server.seen as [SeenRequest];
    const headers = headersOf(request);
    const verify = (key: string, body = request.body, over = {}) =>
      new Webhook(key).verify(body, { ...headers, ...over });
    expect(verify(secret)).toMatchObject({ data: { what: 'Zurück auf 0 % ✓' } });
    expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`)).toThrow();
    expect(() => verify(secret, request.body.replace('25', '52'))).toThrow();
    expect(() => verify(secret, request.body, { 'webhook-id': 'another' })).toThrow();
    expect(() => verify(secret, request.body, { 'webhook-timestamp': '1700000000' })).toThrow();
  });

  it('repeated after trouble has the same id, so that receivers can tell', async () => {
    let broken = true;
    const { server, channel } = await openChannel((response) => {
      response.writeHead(broken ? 503 : 200).end();
      broken = false;
    });
    await expect(channel.announce(announcement())).rejects.toMatchObject({ name: 'AdapterError' });
    await channel.announce(announcement());
    expect(server.seen.map(({ headers }) => headers['webhook-id'])).toEqual(['run-1/3/moved', 'run-1/3/moved']);
    expect(server.seen[1]?.body).toBe(server.seen[0]?.body);
  });

  it.each<[string, Answerer]>([
    ['without a body', (response) => response.writeHead(200).end()],
    ['with a page', (response) => response.writeHead(201).end('<html>thank you</html>')],
    ['with far too much', (response) => response.writeHead(200).end('x'.repeat(200_000))],
    [
      'that breaks off in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      },
    ],
  ])('answered by a success %s has arrived', async (_, answer) => {
    const { server, channel } = await openChannel(answer);
    await expect(channel.announce(announcement())).resolves.toBeUndefined();
    expect(server.seen).toHaveLength(1);
  });
});

describe('a channel that does not take it', () => {
  const told = (why: string) => `The channel "release-room" did not take the announcement: ${why}. It is tried again.`;

  it.each<[status: number, text: string, reason: string, why: string]>([
    [400, 'no such\nroom', 'refused', 'status 400 no such room'],
    [401, '', 'refused', 'status 401'],
    [410, 'gone', 'refused', 'status 410 gone'],
    [429, 'slow down', 'refused', 'status 429 slow down'],
    [500, '<html>oops</html>', 'bad-answer', 'status 500 <html>oops</html>'],
    [502, '', 'bad-answer', 'status 502'],
  ])('with status %i says so, without its address', async (...[status, text, reason, why]) => {
    const { channel } = await openChannel((response) => response.writeHead(status).end(text));
    await expect(channel.announce(announcement())).rejects.toMatchObject({
      name: 'AdapterError',
      adapter: 'channel release-room',
      reason,
      message: told(why),
    });
  });

  it('but redirects is not followed', async () => {
    const { server: other } = await openChannel((response) => response.end());
    const { channel } = await openChannel((response) => response.writeHead(302, { location: other.url }).end());
    await expect(channel.announce(announcement())).rejects.toMatchObject({
      reason: 'refused',
      message: told('status 302, and redirects are not followed; configure the final address'),
    });
    expect(other.seen).toEqual([]);
  });

  it('because nothing listens says where, but no secret of its address', async () => {
    const { server, channel } = await openChannel((response) => response.end());
    await server.close();
    const { host } = new URL(server.url);
    await expect(channel.announce(announcement())).rejects.toMatchObject({
      reason: 'unreachable',
      message: told(`${host}: connection refused; nothing listens there`),
    });
  });

  it('because the connection is cut says so', async () => {
    const { channel } = await openChannel((response) => response.destroy());
    await expect(channel.announce(announcement())).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringMatching(
        /^The channel "release-room" did not take .*before the answer was complete\. It is/,
      ),
    });
  });
});

it.each([
  [secret, true],
  [`whsec_${Buffer.alloc(24, 7).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(64, 7).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(23, 7).toString('base64')}`, false],
  [`whsec_${Buffer.alloc(65, 7).toString('base64')}`, false],
  [Buffer.alloc(32).toString('base64'), false],
  ['whsec_not base64!', false],
  ['whsec_', false],
  ['', false],
])('the secret %s is one: %s', (text, right) => {
  expect(isWebhookSecret(text)).toBe(right);
});
