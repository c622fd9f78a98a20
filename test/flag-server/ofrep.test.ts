/** OFREP: its answers and errors, who may ask, and OpenFeature's own web provider working against it. */
import { OFREPApi } from '@openfeature/ofrep-core';
import { OFREPWebProvider, type OFREPWebProviderOptions } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents, type Provider } from '@openfeature/web-sdk';
import { EventSource } from 'undici';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { aFlagServer, type TestFlagServer } from '../support/a-flag-server.js';

const on = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const { flags: percents } = JSON.parse(
  documentOf({ 'team/half': { percent: 50 }, all: { percent: 100 }, none: { percent: 0 } }),
) as { flags: object };
const byEmail = [{ cat: [{ var: '$flagd.flagKey' }, { var: 'email' }] }, ['on', 1], ['off', 1]];
const text = JSON.stringify({
  flags: {
    ...percents,
    layout: { ...on, variants: { wide: { columns: 3 } }, defaultVariant: 'wide' },
    asleep: { ...on, state: 'DISABLED' },
    strange: { ...on, targeting: { if: [] } },
    lost: { ...on, targeting: { fractional: [{ var: 'targetingKey' }, ['gone', 1]] } },
    mail: { ...on, targeting: { fractional: byEmail } },
  },
});
const evaluate = '/ofrep/v1/evaluate/flags';

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const said = async (answer: Response) => ({ status: answer.status, body: (await answer.json()) as unknown });

describe('one flag', () => {
  it.each<[string, unknown, number, object]>([
    ['all', {}, 200, { key: 'all', reason: 'STATIC', variant: 'on', value: true }],
    ['none', { context: {} }, 200, { key: 'none', reason: 'STATIC', variant: 'off', value: false }],
    ['layout', {}, 200, { key: 'layout', reason: 'STATIC', variant: 'wide', value: { columns: 3 } }],
    ['asleep', {}, 200, { key: 'asleep', reason: 'DISABLED' }],
    ['toString', {}, 404, { key: 'toString', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'not in the document' }],
    ['%E0%A4%A', {}, 404, { key: '%E0%A4%A', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'not in the document' }],
    ['strange', {}, 400, { key: 'strange', errorCode: 'PARSE_ERROR', errorDetails: 'cannot read targeting {"if":[]}' }],
    [
      'lost',
      { context: { targetingKey: 'u' } },
      400,
      { key: 'lost', errorCode: 'GENERAL', errorDetails: 'no variant gone' },
    ],
  ])('%s asked with %j is %i', async (key, body, ...[status, answer]) => {
    const { url } = await theServer();
    expect(await said(await post(`${url}${evaluate}/${key}`, body))).toEqual({ status, body: answer });
  });

  it.each<[unknown, number, string, string]>([
    [{}, 400, 'TARGETING_KEY_MISSING', 'drawn by targetingKey'],
    [{ context: { email: 'u@x' } }, 400, 'TARGETING_KEY_MISSING', 'drawn by targetingKey'],
    ['{"context":', 400, 'PARSE_ERROR', 'the body is no JSON'],
    ['', 400, 'PARSE_ERROR', 'the body is no JSON'],
    ['[]', 400, 'INVALID_CONTEXT', 'the body is no object'],
    [{ context: null }, 400, 'INVALID_CONTEXT', 'context is no object'],
    [{ context: ['u'] }, 400, 'INVALID_CONTEXT', 'context is no object'],
    [{ context: { targetingKey: 7 } }, 400, 'INVALID_CONTEXT', 'targetingKey is no text'],
    [{ context: { targetingKey: 'x'.repeat(70_000) } }, 413, 'INVALID_CONTEXT', 'longer than 65536 bytes'],
  ])('a percentage asked with %j is %i %s', async (body, status, ...[errorCode, why]) => {
    const { url } = await theServer();
    const answer = await post(`${url}${evaluate}/team%2Fhalf`, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      key: 'team/half',
      errorCode,
      errorDetails: expect.stringContaining(why) as string,
    });
  });

  it('a depth bomb, or __proto__, in a context harms nobody', async () => {
    const { url } = await theServer();
    const deep = `{"context":{"targetingKey":"u","__proto__":{"email":"x"},"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`;
    const plain = await said(await post(`${url}${evaluate}/team/half`, { context: { targetingKey: 'u' } }));
    expect(await said(await post(`${url}${evaluate}/team/half`, deep))).toEqual(plain);
    expect(plain.status).toBe(200);
  });

  it('is drawn as the flag client draws it, by whatever attribute the flag says', async () => {
    const { url } = await theServer();
    const flags = createFlags({ document: JSON.parse(text) as object });
    for (let index = 0; index < 20; index += 1) {
      const context = { targetingKey: `user-${index}`, email: `${index}@example.org` };
      for (const key of ['team/half', 'mail']) {
        const { value, variant } = flags.details(key, false, context);
        const { body } = await said(await post(`${url}${evaluate}/${key}`, { context }));
        expect(body).toEqual({ key, value, variant, reason: 'TARGETING_MATCH' });
      }
    }
    const { status } = await said(await post(`${url}${evaluate}/mail`, { context: { email: 'a@b' } }));
    expect(status).toBe(200);
  });
});

describe('all flags', () => {
  it('are answered together, those that cannot be read beside the others', async () => {
    const { url } = await theServer();
    const { body } = await said(await post(`${url}${evaluate}`, { context: { email: 'u@x' } }));
    const { flags, eventStreams } = body as { flags: { key: string; errorCode?: string }[]; eventStreams: unknown };
    expect(flags.map(({ key, errorCode = 'ok' }) => `${key} ${errorCode}`)).toEqual([
      'team/half TARGETING_KEY_MISSING',
      'all ok',
      'none ok',
      'layout ok',
      'asleep ok',
      'strange PARSE_ERROR',
      'lost TARGETING_KEY_MISSING',
      'mail ok',
    ]);
    expect(eventStreams).toEqual([{ type: 'sse', endpoint: { requestUri: '/ofrep/v1/stream' } }]);
  });

  it('have a tag: 304 while they are the same for this context', async () => {
    const { url, write } = await aFlagServer(documentOf({ f: { percent: 50 } }));
    const ask = (targetingKey: string, etag = '"none"') =>
      post(`${url}${evaluate}`, { context: { targetingKey } }, { 'if-none-match': etag });
    const first = await ask('u');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const etag = first.headers.get('etag') ?? '';
    const { status, body } = await ask('u', etag);
    expect([status, body]).toEqual([304, null]);
    await write(documentOf({ f: { percent: 100, revision: 2 }, g: { percent: 0 } }));
    await expect.poll(async () => (await ask('u', etag)).status).toBe(200);
  });

  it('are 500 and not ready while there is no document', async () => {
    const { url } = await aFlagServer(null);
    const missing = expect.stringContaining('the file is not there') as string;
    const why = { errorCode: 'PROVIDER_NOT_READY', errorDetails: missing };
    expect(await said(await post(`${url}${evaluate}`, {}))).toEqual({ status: 500, body: why });
    expect(await said(await post(`${url}${evaluate}/f`, {}))).toEqual({ status: 500, body: { key: 'f', ...why } });
  });
});

describe('who may ask', () => {
  it('with a token: who brings it, as a bearer or as a key; the flag client, too', async () => {
    const { url } = await aFlagServer(documentOf({ f: { percent: 100 } }), {
      token: 'correct horse'.replace(' ', '-'),
    });
    const paths = [
      ['GET', '/flags.json'],
      ['GET', '/flags/stream'],
      ['POST', evaluate],
      ['POST', `${evaluate}/f`],
    ] as const;
    for (const [method, path] of paths) {
      const ask = (headers: Readonly<Record<string, string>>) =>
        fetch(`${url}${path}`, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
      const nobody = await ask({});
      expect([path, nobody.status, nobody.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
      expect((await ask({ authorization: 'Basic Y29ycmVjdA==' })).status).toBe(401);
      expect((await ask({ authorization: 'Bearer correct' })).status).toBe(403);
      expect((await ask({ 'x-api-key': 'correct-hors' })).status).toBe(403);
      for (const headers of [{ authorization: 'Bearer correct-horse' }, { 'x-api-key': 'correct-horse' }]) {
        const answer = await ask(headers);
        expect([path, answer.status]).toEqual([path, 200]);
        await answer.body?.cancel();
      }
    }
    const answer = await post(`${url}${evaluate}`, {}, { authorization: 'Bearer correct-horse' });
    expect(await answer.json()).not.toHaveProperty('eventStreams');
    const flags = createFlags({ url: `${url}/flags.json`, headers: { authorization: 'Bearer correct-horse' } });
    onTestFinished(() => flags.close());
    await flags.ready;
    expect(flags.get('f', false)).toBe(true);
    const health = await fetch(`${url}/healthz`);
    expect(health.status).toBe(200);
  });

  it('pages of other origins only where that is wanted, and browsers are told so', async () => {
    const without = await aFlagServer(documentOf({ f: { percent: 100 } }));
    const from = { origin: 'https://shop.example' };
    const none = await fetch(`${without.url}/flags.json`, { headers: from });
    expect(none.headers.get('access-control-allow-origin')).toBe(null);
    const { url } = await aFlagServer(documentOf({ f: { percent: 100 } }), {
      cors: ['https://shop.example'],
      token: 't',
    });
    const asked = await fetch(`${url}${evaluate}`, { method: 'OPTIONS', headers: from });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      vary: 'Origin',
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, If-None-Match, X-API-Key',
      'access-control-expose-headers': 'ETag',
    });
    const refused = await fetch(`${url}/flags.json`, { headers: from });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, 'https://shop.example']);
    const stranger = await fetch(`${url}/flags.json`, { headers: { origin: 'https://else.example' } });
    expect([stranger.headers.get('access-control-allow-origin'), stranger.headers.get('vary')]).toEqual([
      null,
      'Origin',
    ]);
    const everybody = await aFlagServer(documentOf({ f: { percent: 100 } }), { cors: ['*'] });
    const open = await fetch(`${everybody.url}/flags.json`, { headers: from });
    expect([open.headers.get('access-control-allow-origin'), open.headers.get('vary')]).toEqual(['*', null]);
  });
});

describe("OpenFeature's own clients", () => {
  afterEach(async () => {
    await OpenFeature.close();
    vi.unstubAllGlobals();
  });

  it('the web provider evaluates, and hears of a change by asking', async () => {
    const { url, write } = await aFlagServer(text);
    const provider = webProvider({
      baseUrl: url,
      pollInterval: 50,
      cacheMode: 'disabled',
      changeDetection: 'polling',
    });
    await OpenFeature.setContext('o', { targetingKey: 'dana', email: 'dana@x' });
    await OpenFeature.setProviderAndWait('o', provider);
    const client = OpenFeature.getClient('o');
    const expected = createFlags({ document: JSON.parse(text) as object }).get('team/half', false, {
      targetingKey: 'dana',
    });
    expect(client.getBooleanDetails('team/half', !expected)).toMatchObject({
      value: expected,
      reason: 'TARGETING_MATCH',
    });
    expect(client.getObjectValue('layout', {})).toEqual({ columns: 3 });
    expect(client.getBooleanDetails('asleep', true)).toMatchObject({ value: true, reason: 'DISABLED' });
    expect(client.getBooleanDetails('nope', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
    expect(client.getBooleanDetails('strange', true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
    const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
    await write(documentOf({ all: { percent: 0, revision: 2 } }));
    expect(await changed).toMatchObject({ flagsChanged: expect.arrayContaining(['all', 'team/half']) as string[] });
    expect(client.getBooleanValue('all', true)).toBe(false);
  });

  it('the web provider hears of a change by push, where there is an EventSource', async () => {
    vi.stubGlobal('EventSource', EventSource);
    const { url, write, app } = await aFlagServer(documentOf({ all: { percent: 0 } }));
    await OpenFeature.setProviderAndWait('p', webProvider({ baseUrl: url, cacheMode: 'disabled' }));
    await expect.poll(() => app.status().streams).toBe(1);
    const client = OpenFeature.getClient('p');
    expect(client.getBooleanValue('all', true)).toBe(false);
    await write(documentOf({ all: { percent: 100, revision: 2 } }));
    await expect.poll(() => client.getBooleanValue('all', false)).toBe(true);
  });

  it('the web provider without the token fails for good; without a targeting key it gets what needs none', async () => {
    const closed = await aFlagServer(text, { token: 'secret' });
    const refused = webProvider({ baseUrl: closed.url, cacheMode: 'disabled' });
    await expect(OpenFeature.setProviderAndWait('q', refused)).rejects.toMatchObject({ code: 'PROVIDER_FATAL' });
    const { url } = await aFlagServer(text);
    await OpenFeature.setProviderAndWait('r', webProvider({ baseUrl: url, cacheMode: 'disabled' }));
    const client = OpenFeature.getClient('r');
    expect(client.getBooleanValue('all', false)).toBe(true);
    expect(client.getBooleanDetails('team/half', false)).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  });

  it("what the server providers are made of understands one flag's answers", async () => {
    const { url } = await theServer();
    const api = new OFREPApi({ baseUrl: url });
    const context = { targetingKey: 'dana' };
    expect(await api.postEvaluateFlag('all', { context })).toMatchObject({ httpStatus: 200, value: { value: true } });
    expect(await api.postEvaluateFlag('team/half', {})).toMatchObject({
      httpStatus: 400,
      value: { key: 'team/half', errorCode: 'TARGETING_KEY_MISSING' },
    });
    expect(await api.postEvaluateFlag('nope', { context })).toMatchObject({ httpStatus: 404 });
    api.close();
  });
});

/** Its types are not made for exact optional members. */
const webProvider = (options: OFREPWebProviderOptions) => new OFREPWebProvider(options) as Provider;

/** Nothing is written to it. */
const theServer = (): Promise<TestFlagServer> => aFlagServer(text);
