/** The store behind a mapping keeps to the contract on a real server, with compare-and-set and without. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HttpMapping } from '../../../src/adapters/flags/http/http-mapping.js';
import { openHttpFlagStore } from '../../../src/adapters/flags/http/http-flag-store.js';
import {
  back,
  claim,
  climb,
  flagStoreContract,
  flip,
  key,
  owner,
  taken,
} from '../../support/contracts/flag-store-contract.js';
import { mappingOf, openFlagService, type FlagService } from '../../support/flag-service.js';
import { answerJson } from '../../support/local-server.js';

let service: FlagService;
beforeAll(async () => {
  service = await openFlagService();
});
beforeEach(() => {
  service.flags.clear();
  service.meanwhile = null;
});
afterAll(() => service.close());

const open = (changes: Partial<HttpMapping> = {}) =>
  openHttpFlagStore({ id: 'house', ...mappingOf(service.url, changes) });
const { fields, write } = mappingOf('');
const nothingCompared = { revision: null, write: { ...write, compare: null } } as const;
/** The least that a mapping can say. */
const bare = {
  ...nothingCompared,
  fields: { ...fields, fence: null, owner: null, safeState: null, breakGlass: null, by: null, reason: null },
};

flagStoreContract('http with ETags', () =>
  Promise.resolve({ store: open(), others: service.others, close: () => Promise.resolve() }),
);

flagStoreContract('http without ETags', async () => {
  const plain = await openFlagService({ etags: false });
  const store = openHttpFlagStore({ id: 'plain', ...mappingOf(plain.url, nothingCompared) });
  return { store, others: plain.others, close: () => plain.close() };
});

describe('what a mapping can promise', () => {
  it.each<[string, Partial<HttpMapping>, object]>([
    ['all', {}, { compareAndSet: true, fence: true, owner: true }],
    ['no compare', nothingCompared, { compareAndSet: false, fence: false, owner: true }],
    ['no fence', { fields: { ...fields, fence: null } }, { compareAndSet: true, fence: false, owner: true }],
    ['the least', bare, { compareAndSet: false, fence: false, owner: false }],
    ['whole percents', { percentStep: 1 }, { percentStep: 1 }],
  ])('%s', (_, changes, capabilities) => {
    expect(open(changes).capabilities).toMatchObject(capabilities);
  });
});

describe('somebody who writes at the same moment', () => {
  /** Once, between our read and our write. */
  const beforeNextWrite = (act: () => void): void => {
    service.meanwhile = ({ method }) => {
      if (method === 'GET') return false;
      service.meanwhile = null;
      act();
      return false;
    };
  };

  it('is not overwritten by a flip', async () => {
    const { receipt } = await climb(open(), 10);
    beforeNextWrite(() => service.flags.set(key, { ...(service.flags.get(key) as object), rollout: { share: 3 } }));
    const asked = flip({ percent: 25, expectedRevision: receipt.revision });
    expect(await open().flip(asked)).toMatchObject({ why: 'changed-since', record: { percent: 3 } });
  });

  it('does not keep a rollback from landing', async () => {
    await climb(open(), 10);
    beforeNextWrite(() => service.flags.set(key, { ...(service.flags.get(key) as object), rollout: { share: 90 } }));
    const { receipt } = await taken(open().writeSafeState(back()));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
  });

  it('makes no flip land after a rollback, not even where a flag at 0 % went to 0 %', async () => {
    const { receipt } = await taken(open().claim(claim()));
    // The flip has read and decided; then the rollback writes.
    let rollback: Promise<unknown> = Promise.resolve();
    service.meanwhile = (request, response) => {
      if (request.method === 'GET') return false;
      service.meanwhile = null;
      rollback = taken(open().writeSafeState(back())).then(() => answerJson(response, { error: 'changed since' }, 412));
      return true;
    };
    const late = await open().flip(flip({ percent: 10, expectedRevision: receipt.revision }));
    await rollback;
    expect(late).toMatchObject({ why: 'fence-lost', record: { percent: 0, fence: 2 } });
  });

  it('is seen by a flip that nothing compares: a fence that was raised meanwhile is lost', async () => {
    const store = open(nothingCompared);
    const { receipt } = await climb(store, 10);
    let puts = 0;
    service.meanwhile = ({ method }) => {
      if (method === 'PUT') puts += 1;
      // What the flip wrote is overwritten before it reads back.
      else if (puts === 1) service.flags.set(key, { rollout: { share: 0 }, notes: { fence: 2, owner } });
      return false;
    };
    expect(await store.flip(flip({ percent: 25, expectedRevision: receipt.revision }))).toMatchObject({
      why: 'fence-lost',
      record: { percent: 0 },
    });
  });
});

describe('a service that keeps a percentage and nothing else', () => {
  const store = () => open(bare);

  it('can be claimed, flipped and taken back; whoever asks is believed', async () => {
    const { receipt, record } = await taken(store().claim(claim()));
    expect(record).toMatchObject({ exists: true, percent: 0, fence: 0, owner: null, safeState: null });
    const asked = flip({ percent: 25, fence: 0, expectedRevision: receipt.revision });
    expect((await taken(store().flip(asked))).receipt).toMatchObject({ state: 'proven', percent: 25, fence: 0 });
    const safeState = { percent: 0, set: { other: true } } as const;
    const { receipt: last } = await taken(store().writeSafeState(back({ fence: 0, asked: 'automatic', safeState })));
    expect(last).toMatchObject({ state: 'proven', percent: 0, fence: 0 });
    expect(Object.fromEntries(service.flags)).toEqual({
      [key]: { rollout: { share: 0 } },
      other: { rollout: { share: 100 } },
    });
  });

  it('writes again as long as it is told to look, and says when there was nothing to do', async () => {
    await taken(store().claim(claim()));
    const again = back({ fence: -1 });
    expect(await taken(store().writeSafeState(again))).toMatchObject({ repeated: true });
    await service.others.setPercent(key, 25);
    const rewritten = await taken(store().writeSafeState(again));
    expect(rewritten.repeated).toBeUndefined();
    expect(service.flags.get(key)).toEqual({ rollout: { share: 0 } });
  });

  it('has no proof while another flag of the safe state is not what it should be', async () => {
    await taken(store().claim(claim()));
    service.meanwhile = ({ method, path }, response) => {
      if (method !== 'PUT' || path !== '/flags/other') return false;
      answerJson(response, {});
      return true;
    };
    const safeState = { percent: 0, set: { other: true } } as const;
    expect((await taken(store().writeSafeState(back({ fence: 0, safeState })))).receipt.state).toBe('written');
  });
});

describe('how it is written', () => {
  const wrote = () => service.seen.findLast(({ method }) => method !== 'GET');

  it.each([
    ['percent', 33.333],
    ['percent-text', '33.333'],
    ['ratio', 0.33333],
    ['ratio-text', '0.33333'],
  ] as const)('a percentage as %s', async (percentAs, share) => {
    const { record } = await climb(open({ percentAs }), 33.333);
    expect(record.percent).toBe(33.333);
    expect(service.flags.get(key)).toMatchObject({ rollout: { share } });
  });

  it('keeps what it does not know, numbers as they are spelled', async () => {
    service.meanwhile = ({ method }, response) => {
      if (method !== 'GET') return false;
      response.setHeader('etag', '"1"');
      response.end('{"id":12345678901234567890,"rollout":{"share":0,"seed":7},"rules":[{"a":1}]}');
      return true;
    };
    await open({ write: { ...write, compare: null } }).claim(claim());
    const { body } = wrote() ?? { body: '' };
    expect(body).toContain('12345678901234567890');
    expect(JSON.parse(body)).toMatchObject({ rollout: { share: 0, seed: 7 }, rules: [{ a: 1 }] });
  });

  it('as a JSON Patch', async () => {
    service.meanwhile = ({ method }, response) => {
      if (method !== 'PATCH') return false;
      answerJson(response, {});
      return true;
    };
    service.flags.set(key, { rollout: { share: 0 } });
    await open({ write: { ...write, method: 'PATCH', body: 'patch' } }).claim(claim());
    expect(wrote()?.headers['content-type']).toBe('application/json-patch+json');
    expect(JSON.parse(wrote()?.body ?? '')).toEqual([
      { op: 'add', path: '/rollout/share', value: 0 },
      { op: 'add', path: '/notes/fence', value: 1 },
      { op: 'add', path: '/notes/owner', value: owner },
      { op: 'add', path: '/notes/safe', value: '{"percent":0,"set":{}}' },
      { op: 'add', path: '/notes/by', value: 'dana' },
      { op: 'add', path: '/notes/reason', value: 'a test' },
    ]);
  });

  it('as a template of its own for what is made and what is changed', async () => {
    const template = { name: '{key}', rollout: { share: '{percent}' }, note: 'by {by}: {reason}', was: '{revision}' };
    const create = { method: 'PUT', path: '/flags/{key}', body: { template } } as const;
    const store = open({ create, fields: { ...bare.fields, by: null }, write: { ...write, body: { template } } });
    const { receipt } = await taken(store.claim(claim()));
    expect(service.flags.get(key)).toEqual({ name: key, rollout: { share: 0 }, note: 'by dana: a test', was: null });
    await taken(store.flip(flip({ percent: 10, fence: 0, expectedRevision: receipt.revision })));
    expect(service.flags.get(key)).toMatchObject({ rollout: { share: 10 }, was: receipt.revision });
    expect(wrote()?.headers['if-match']).toBe(receipt.revision);
  });

  it('refuses a percentage finer than the service knows', async () => {
    const store = open({ percentStep: 0.5 });
    const { receipt } = await climb(store, 12.5);
    await expect(store.flip(flip({ percent: 12.3, expectedRevision: receipt.revision }))).rejects.toMatchObject({
      reason: 'not-configured',
      message: `${key} cannot be set to 12.3 %: this flag store knows only steps of 0.5 %. Correct the stages of the plan.`,
    });
    expect(await store.read(key)).toMatchObject({ percent: 12.5 });
  });
});

describe('a service with trouble', () => {
  const answering = (status: number, headers: Record<string, string> = {}): void => {
    service.meanwhile = (_, response) => {
      response.writeHead(status, headers).end('{"error":"told to"}');
      return true;
    };
  };

  it.each([
    [401, {}, 'not-permitted', 'check the secret'],
    [403, {}, 'not-permitted', 'give it the right'],
    [429, { 'retry-after': '7' }, 'refused', 'again after 7'],
    [500, {}, 'bad-answer', 'look at its log'],
    [302, { location: '/elsewhere' }, 'refused', 'configure the final address'],
    [422, {}, 'refused', 'does not take what it was asked'],
  ] as const)('status %i says what to do', async (...[status, headers, reason, todo]) => {
    answering(status, headers);
    for (const act of [() => open().read(key), () => open().writeSafeState(back())]) {
      await expect(act()).rejects.toMatchObject({ reason, adapter: 'flag store house' });
      await expect(act()).rejects.toThrow(todo);
    }
    expect(
      String(
        await open()
          .read(key)
          .catch((error: unknown) => error),
      ),
    ).not.toContain(serviceTokenOf());
  });

  const serviceTokenOf = () => String(mappingOf('').headers['authorization']);

  it('that hangs is given up in time, also in the middle of a step', async () => {
    service.meanwhile = ({ method }) => method !== 'GET';
    await expect(open({ timeoutMs: 100 }).claim(claim())).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('that nobody runs, that answers no JSON, or no revision', async () => {
    await expect(open({ url: 'http://127.0.0.1:1' }).read(key)).rejects.toMatchObject({ reason: 'unreachable' });
    service.meanwhile = (_, response) => {
      response.end('<html>');
      return true;
    };
    await expect(open().read(key)).rejects.toThrow('answered no JSON: <html>');
    service.meanwhile = (_, response) => {
      answerJson(response, { rollout: { share: 0 } });
      return true;
    };
    await expect(open().read(key)).rejects.toThrow('without the revision that its mapping names');
    await expect(open().list()).rejects.toThrow('without a list of keys');
  });

  it('never asks for a flag whose name would lead elsewhere', async () => {
    await expect(open().read('..')).rejects.toMatchObject({ reason: 'not-configured' });
  });
});

it('lists the flags that the configuration names, where the service lists none', async () => {
  await service.others.setPercent('b', 50);
  const records = await open({ list: { keys: ['a', 'b'] } }).list();
  expect(records).toMatchObject([{ key: 'b', percent: 50, owner: null }]);
});
