/** The document and its stream: what is served and what is not, tags, live changes, listeners that are slow or too many. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { serveDocument } from '../../src/flag-server/served-document.js';
import { documentOf } from '../support/a-flag-document.js';
import { aFlagServer } from '../support/a-flag-server.js';
import { openStream } from '../support/open-stream.js';

const open = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on', targeting: {} };

describe('what is served', () => {
  it('is what evaluators read, to the digit, and of the metadata the revision alone', () => {
    const text = `{"$schema":"s","owner":"team","metadata":{"flagSetId":"x"},"$evaluators":{"e":{}},"flags":{
      "f":{"state":"ENABLED","variants":{"a":0.12345678901234567890},"defaultVariant":"a","targeting":{},"note":"mine",
      "metadata":{"holdpoint.revision":7,"holdpoint.owner":"rollout/p/f@1","holdpoint.fence":3,"contact":"lee"}},
      "__proto__":{"state":"DISABLED"},"odd":4}}`;
    expect(serveDocument(text).text).toBe(
      '{"$schema":"s","$evaluators":{"e":{}},"flags":{"f":{"state":"ENABLED","variants":{"a":0.12345678901234567890},' +
        '"defaultVariant":"a","targeting":{},"metadata":{"holdpoint.revision":7}},"__proto__":{"state":"DISABLED"},"odd":{}}}',
    );
  });

  it('has a tag of its own, a short life, and is not sent again to who has it', async () => {
    const { url, write } = await aFlagServer(documentOf({ f: { percent: 10 } }));
    const first = await fetch(`${url}/flags.json?v=1`);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('max-age=1, must-revalidate');
    expect(await first.text()).toBe(documentOf({ f: { percent: 10 } }));
    const etag = first.headers.get('etag') ?? '';
    const again = (tag: string) => fetch(`${url}/flags.json`, { headers: { 'if-none-match': tag } });
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, headers, body } = await again(tag);
      expect([tag, status, headers.get('etag'), body]).toEqual([tag, 304, etag, null]);
    }
    expect((await again('"x"')).status).toBe(200);
    const head = await fetch(`${url}/flags.json`, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    await write(documentOf({ f: { percent: 25, revision: 2 } }));
    await expect.poll(async () => (await again(etag)).status).toBe(200);
  });

  it('is nothing before there is a document; then it is the last good one, and /healthz says what is wrong', async () => {
    const { url, write, problems } = await aFlagServer(null);
    const health = async () => {
      const answer = await fetch(`${url}/healthz`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    for (const path of ['/flags.json', '/flags/stream', '/ofrep/v1/stream']) {
      const answer = await fetch(`${url}${path}`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ title: expect.stringContaining('the file is not there') as string });
    }
    expect(await health()).toMatchObject({ status: 503, loaded: false });
    await write(documentOf({ f: { percent: 10 } }));
    await expect.poll(health).toEqual({ status: 200, loaded: true, problem: null, streams: 0 });
    const good = await (await fetch(`${url}/flags.json`)).text();
    for (const bad of ['{"flags":', '{"flags":{"f":{},"f":{}}}', `{"flags":{},"x":"${'y'.repeat(5 * 2 ** 20)}"}`]) {
      await write(bad);
      await expect.poll(async () => (await health()).status === 200 && problems.at(-1)).toContain('flag document: ');
      expect(await (await fetch(`${url}/flags.json`)).text()).toBe(good);
      await write(documentOf({ f: { percent: 10 } }));
      await expect.poll(() => problems.at(-1)).toBe(null);
    }
    const bomb = `{"flags":{"f":{"targeting":${'['.repeat(500_000)}${']'.repeat(500_000)}}}}`;
    await write(bomb);
    await expect.poll(() => problems.at(-1)).toContain('call stack');
    expect(await (await fetch(`${url}/flags.json`)).text()).toBe(good);
  });

  it('is asked for in the right way, or told how', async () => {
    const { url } = await aFlagServer(documentOf({ f: { percent: 10 } }));
    const post = await fetch(`${url}/flags.json`, { method: 'POST', body: '{}' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await fetch(`${url}/ofrep/v1/evaluate/flags`)).status).toBe(405);
    expect((await fetch(`${url}/flags`)).status).toBe(404);
    expect((await fetch(`${url}/flags/streams`)).status).toBe(404);
  });
});

describe('the stream', () => {
  it('brings the whole document at once and after each change, and nothing when nothing that is served changed', async () => {
    const at = (percent: number, more: object = {}) =>
      JSON.stringify({ flags: { f: { ...open, defaultVariant: percent === 0 ? 'off' : 'on', ...more } } });
    const { url, write } = await aFlagServer(at(0));
    const stream = await openStream(`${url}/flags/stream`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    expect(await stream.next()).toBe(`event: flags\ndata: ${at(0)}`);
    await write(at(0, { metadata: { 'holdpoint.owner': 'rollout/p/f@1' } }));
    await write(at(100));
    expect(await stream.next()).toBe(`event: flags\ndata: ${at(100)}`);
    const late = await openStream(`${url}/flags/stream`);
    expect(await late.next()).toBe(`event: flags\ndata: ${at(100)}`);
  });

  it('beats, so that a half-open connection is noticed', async () => {
    const limits = { mostStreams: 10, beatMs: 20, stallMs: 30_000 };
    const { url } = await aFlagServer(documentOf({ f: { percent: 0 } }), { limits });
    const stream = await openStream(`${url}/flags/stream`);
    await stream.next();
    expect(await stream.next()).toBe(': beat');
  });

  it('is obeyed by the flag client at once, up and down, long before it would ask', async () => {
    const { url, write, app } = await aFlagServer(documentOf({ f: { percent: 0 } }));
    const flags = createFlags({ url: `${url}/flags.json` });
    onTestFinished(() => flags.close());
    expect(await flags.ready).toEqual({ loaded: true, problem: null });
    await expect.poll(() => app.status().streams).toBe(1);
    for (const [revision, percent] of [100, 0, 100].entries()) {
      await write(documentOf({ f: { percent, revision: revision + 2 } }));
      await expect.poll(() => flags.get('f', percent === 0)).toBe(percent === 100);
    }
    flags.close();
    await expect.poll(() => app.status().streams).toBe(0);
  });

  it('lets go of a listener that takes nothing, and does not make the others wait', async () => {
    const limits = { mostStreams: 10, beatMs: 15_000, stallMs: 100 };
    const big = (revision: number) =>
      documentOf({ f: { percent: 0, revision }, ['x'.repeat(1_000_000)]: { percent: 0 } });
    const { url, write, app } = await aFlagServer(big(1), { limits });
    const { hostname, port } = new URL(url);
    const asleep = createConnection({ host: hostname, port: Number(port) });
    asleep.on('error', () => {});
    onTestFinished(() => void asleep.destroy());
    asleep.pause().write('GET /flags/stream HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect.poll(() => app.status().streams).toBe(1);
    const awake = await openStream(`${url}/flags/stream`);
    await awake.next();
    for (let revision = 2; revision < 40 && app.status().streams === 2; revision += 1) {
      await write(big(revision));
      expect(await awake.next()).toContain(`"holdpoint.revision":${revision}`);
    }
    await expect.poll(() => app.status().streams).toBe(1);
    await write(big(99));
    expect(await awake.next()).toContain(`"holdpoint.revision":99`);
  });

  it('is not opened by more than it bears: the client goes on asking', async () => {
    const limits = { mostStreams: 1, beatMs: 15_000, stallMs: 30_000 };
    const { url, write } = await aFlagServer(documentOf({ f: { percent: 100 } }), { limits });
    const only = await openStream(`${url}/flags/stream`);
    await only.next();
    const refused = await fetch(`${url}/flags/stream`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    const flags = createFlags({ url: `${url}/flags.json` });
    onTestFinished(() => flags.close());
    await flags.ready;
    expect(flags.get('f', false)).toBe(true);
    await write(documentOf({ f: { percent: 0, revision: 2 } }));
    await expect.poll(() => flags.get('f', true), { timeout: 10_000 }).toBe(false);
  });

  it('ends with the server', async () => {
    const { url, close } = await aFlagServer(documentOf({ f: { percent: 100 } }));
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.write('GET /flags/stream HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    socket.resume();
    await close();
    await expect(fetch(`${url}/flags.json`)).rejects.toThrow('fetch failed');
    socket.destroy();
  });
});
