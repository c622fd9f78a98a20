/** Both providers in the real SDKs: answers, reasons, error codes, and events while the document comes, changes, breaks and is mended. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { OpenFeature as ServerSdk, ProviderEvents } from '@openfeature/server-sdk';
import { OpenFeature as WebSdk } from '@openfeature/web-sdk';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { anonymousId } from '../../src/flag-client/anonymous-id.js';
import { createFlags } from '../../src/flag-client/node/create-flags.js';
import { createHoldpointProvider as createServerProvider } from '../../src/openfeature/server.js';
import { createHoldpointProvider as createWebProvider } from '../../src/openfeature/web.js';
import { documentOf } from '../support/a-flag-document.js';
import { freePort } from '../support/free-port.js';
import { tempFolder } from '../support/temp-folder.js';

const others = {
  colour: { state: 'ENABLED', variants: { red: 'red', blue: 'blue' }, defaultVariant: 'blue' },
  limit: { state: 'ENABLED', variants: { few: 3 }, defaultVariant: 'few' },
  layout: { state: 'ENABLED', variants: { wide: { columns: 3 } }, defaultVariant: 'wide' },
  sleeping: { state: 'DISABLED', variants: { on: true }, defaultVariant: 'on' },
  strange: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on', targeting: { if: [] } },
  lost: { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on', targeting: { fractional: [['gone', 1]] } },
};
const { flags: percents } = JSON.parse(
  documentOf({ half: { percent: 50 }, none: { percent: 0 }, all: { percent: 100 } }),
) as {
  flags: object;
};
const document = { flags: { ...percents, ...others } };

afterEach(async () => {
  await Promise.all([ServerSdk.close(), WebSdk.close()]);
});

interface Details {
  readonly value: unknown;
  readonly reason?: string | undefined;
  readonly variant?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly flagMetadata: object;
}

/** One way of asking both. */
const sdks = {
  server: async (user: string): Promise<Ask> => {
    await ServerSdk.setProviderAndWait('d', createServerProvider({ document }));
    const client = ServerSdk.getClient('d', { targetingKey: user });
    return async (key, byDefault) => {
      if (typeof byDefault === 'boolean') return client.getBooleanDetails(key, byDefault);
      if (typeof byDefault === 'string') return client.getStringDetails(key, byDefault);
      if (typeof byDefault === 'number') return client.getNumberDetails(key, byDefault);
      return client.getObjectDetails(key, byDefault);
    };
  },
  web: async (user: string): Promise<Ask> => {
    await WebSdk.setProviderAndWait('d', createWebProvider({ document }));
    await WebSdk.setContext('d', { targetingKey: user });
    const client = WebSdk.getClient('d');
    return async (key, byDefault) => {
      await Promise.resolve();
      if (typeof byDefault === 'boolean') return client.getBooleanDetails(key, byDefault);
      if (typeof byDefault === 'string') return client.getStringDetails(key, byDefault);
      if (typeof byDefault === 'number') return client.getNumberDetails(key, byDefault);
      return client.getObjectDetails(key, byDefault);
    };
  },
};

type Ask = (key: string, byDefault: boolean | string | number | Record<string, number>) => Promise<Details>;

describe.each(Object.entries(sdks))('in the %s SDK', (_, open) => {
  it('every type is answered with variant and reason', async () => {
    const ask = await open('dana');
    expect(await ask('all', false)).toMatchObject({ value: true, variant: 'on', reason: 'STATIC' });
    expect(await ask('none', true)).toMatchObject({ value: false, variant: 'off', reason: 'STATIC' });
    expect(await ask('colour', 'green')).toMatchObject({ value: 'blue', variant: 'blue', reason: 'STATIC' });
    expect(await ask('limit', 9)).toMatchObject({ value: 3, variant: 'few', reason: 'STATIC' });
    expect(await ask('layout', {})).toMatchObject({ value: { columns: 3 }, variant: 'wide', reason: 'STATIC' });
    expect(await ask('sleeping', false)).toMatchObject({ value: false, reason: 'DISABLED' });
  });

  it.each([
    ['never-there', 'FLAG_NOT_FOUND', 'not in the document'],
    ['colour', 'TYPE_MISMATCH', 'it is a string'],
    ['strange', 'PARSE_ERROR', 'cannot read targeting'],
    ['lost', 'GENERAL', 'no variant gone'],
  ])('%s is the default with %s, and why', async (key, errorCode, why) => {
    const ask = await open('dana');
    for (const byDefault of [true, false]) {
      const { value, reason, errorMessage, ...details } = await ask(key, byDefault);
      expect({ value, reason, errorCode: details.errorCode }).toEqual({ value: byDefault, reason: 'ERROR', errorCode });
      expect(errorMessage).toContain(why);
    }
  });

  it('a percentage is drawn as the flag client draws it', async () => {
    const flags = createFlags({ document });
    const inside = [];
    for (let index = 0; index < 40; index += 1) {
      const user = `user-${index}`;
      const { value, reason } = await (await open(user))('half', false);
      expect({ value, reason }).toEqual({
        value: flags.get('half', false, { targetingKey: user }),
        reason: 'TARGETING_MATCH',
      });
      if (value === true) inside.push(user);
    }
    expect(inside.length).toBeGreaterThan(5);
    expect(inside.length).toBeLessThan(35);
  });
});

it('on a page, whoever is not logged in keeps one id: as anonymous as in the flag client', async () => {
  const halves = Array.from({ length: 30 }, (_, index) => `half-${index}`);
  const many = JSON.parse(documentOf(Object.fromEntries(halves.map((key) => [key, { percent: 50 }])))) as object;
  await WebSdk.setProviderAndWait('a', createWebProvider({ document: many }));
  const client = WebSdk.getClient('a');
  const flags = createFlags({ document: many });
  const as = (targetingKey?: string) => halves.map((key) => flags.get(key, false, { targetingKey }));
  expect(halves.map((key) => client.getBooleanValue(key, false))).toEqual(as(anonymousId()));
  expect(as(anonymousId())).not.toEqual(as());
});

/** Events in the order in which they came. */
function heard(client: {
  addHandler(event: never, handler: (details?: { message?: string }) => void): void;
}): string[] {
  const events: string[] = [];
  const names = [ProviderEvents.Ready, ProviderEvents.ConfigurationChanged, ProviderEvents.Stale, ProviderEvents.Error];
  for (const name of names) {
    client.addHandler(name as never, (details) => {
      events.push(`${name.replace('PROVIDER_', '')}${details?.message === undefined ? '' : `: ${details.message}`}`);
    });
  }
  return events;
}

describe('events, from a file in the server SDK', () => {
  it('ready, changed, stale with why, ready again and changed', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, documentOf({ f: { percent: 0 } }));
    await ServerSdk.setProviderAndWait('e', createServerProvider({ file: path }));
    const client = ServerSdk.getClient('e');
    const events = heard(client);
    await expect.poll(() => events).toEqual(['READY']);
    await writeFile(`${path}.new`, documentOf({ f: { percent: 100, revision: 2 } }));
    await rename(`${path}.new`, path);
    await expect.poll(() => events).toEqual(['READY', 'CONFIGURATION_CHANGED']);
    expect(await client.getBooleanValue('f', false)).toBe(true);
    await rm(path);
    await expect.poll(() => events.at(-1)).toBe(`STALE: ${path}: the file is not there`);
    expect(client.providerStatus).toBe('STALE');
    expect(await client.getBooleanDetails('f', false)).toMatchObject({
      value: true,
      flagMetadata: { problem: `${path}: the file is not there` },
    });
    await writeFile(`${path}.new`, documentOf({ f: { percent: 0, revision: 3 } }));
    await rename(`${path}.new`, path);
    await expect.poll(() => events.slice(-2)).toEqual(['READY', 'CONFIGURATION_CHANGED']);
    expect(client.providerStatus).toBe('READY');
    expect(await client.getBooleanValue('f', true)).toBe(false);
  });

  it('error with why when there is no document, and ready as soon as there is one', async () => {
    const path = join(await tempFolder(), 'flags.json');
    const provider = createServerProvider({ file: path });
    await expect(ServerSdk.setProviderAndWait('e', provider)).rejects.toThrow('the file is not there');
    const client = ServerSdk.getClient('e');
    expect(await client.getBooleanDetails('f', false)).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      errorMessage: `${path}: the file is not there`,
    });
    const events = heard(client);
    await writeFile(path, documentOf({ f: { percent: 100 } }));
    await expect.poll(() => events.slice(-2)).toEqual(['READY', 'CONFIGURATION_CHANGED']);
    expect(await client.getBooleanValue('f', false)).toBe(true);
    // A closed provider follows nothing, and says so.
    await ServerSdk.close();
    expect(await provider.resolveBooleanEvaluation('f', false, {}, console)).toMatchObject({
      value: false,
      errorCode: 'PROVIDER_NOT_READY',
    });
  });
});

describe('events, from a URL in the web SDK', () => {
  let closeServer = (): void => {};
  afterAll(() => closeServer());

  it('a server that comes late is an error first, then ready', async () => {
    const port = await freePort();
    const provider = createWebProvider({ url: `http://127.0.0.1:${port}/flags.json`, pollMs: 50 });
    await expect(WebSdk.setProviderAndWait('e', provider)).rejects.toThrow('ECONNREFUSED');
    const client = WebSdk.getClient('e');
    const events = heard(client);
    const server = createServer((request, response) => {
      if (request.url === '/flags.json') response.end(documentOf({ f: { percent: 100 } }));
      else response.writeHead(404).end();
    });
    server.listen(port, '127.0.0.1');
    closeServer = () => {
      server.close();
      server.closeAllConnections();
    };
    await expect.poll(() => events.slice(-2), { timeout: 10_000 }).toEqual(['READY', 'CONFIGURATION_CHANGED']);
    expect(client.getBooleanValue('f', false)).toBe(true);
  });
});
