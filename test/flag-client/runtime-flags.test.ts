/** The names for a page and its user. A page's document and storage are stood in for by the few members that are used. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { anonymousId } from '../../src/flag-client/anonymous-id.js';
import {
  FLAGS,
  getFlag,
  isUserInRollout,
  loadRuntimeFlags,
  onFlagsLoaded,
} from '../../src/flag-client/runtime-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { openLocalServer } from '../support/local-server.js';

const document = (percent: number): object => JSON.parse(documentOf({ checkout: { percent } })) as object;
const nowhere = { url: undefined };

afterEach(async () => {
  vi.unstubAllGlobals();
  await loadRuntimeFlags({ ...nowhere, document: { flags: {} } });
});

it('is off before flags are loaded, and stays off with a reason where there are none', async () => {
  vi.resetModules();
  const fresh = await import('../../src/flag-client/runtime-flags.js');
  expect([fresh.getFlag('checkout'), fresh.getFlag('checkout', 'mine'), fresh.isUserInRollout()]).toEqual([
    false,
    'mine',
    false,
  ]);
  expect((await fresh.loadRuntimeFlags({ url: '/flags.json', streamUrl: null })).problem).toMatch(/flags.json/);
  expect(fresh.getFlag('checkout')).toBe(false);
  // Ends its asking.
  await fresh.loadRuntimeFlags({ ...nowhere, document: {} });
});

describe('first paint', () => {
  it('begins with the inlined element', () => {
    const text = documentOf({ checkout: { percent: 100 } });
    vi.stubGlobal('document', {
      getElementById: (id: string) => (id === 'holdpoint-flags' ? { textContent: text } : null),
    });
    vi.stubGlobal('__FLAGS__', document(0));
    void loadRuntimeFlags(nowhere);
    expect(getFlag('checkout')).toBe(true);
  });

  it('begins with window.__FLAGS__ where nothing is inlined', () => {
    vi.stubGlobal('__FLAGS__', document(100));
    void loadRuntimeFlags(nowhere);
    expect(FLAGS).toEqual({ checkout: true });
  });

  it('goes on with the document behind the URL', async () => {
    const server = await openLocalServer(
      (response) => void response.end(documentOf({ checkout: { percent: 100, revision: 2 } })),
    );
    vi.stubGlobal('__FLAGS__', document(0));
    await loadRuntimeFlags({ url: `${server.url}/flags.json`, streamUrl: null });
    expect(getFlag('checkout')).toBe(false);
    await vi.waitFor(() => expect(FLAGS).toEqual({ checkout: true }));
    await loadRuntimeFlags({ ...nowhere, document: {} });
    await server.close();
  });
});

it('tells who wants to know: at once when loaded, and after each load', async () => {
  const heard: unknown[] = [];
  const end = onFlagsLoaded((flags) => heard.push({ ...flags }));
  heard.length = 0;
  await loadRuntimeFlags({ ...nowhere, document: document(100) });
  onFlagsLoaded((flags) => heard.push({ ...flags, late: true }))();
  end();
  await loadRuntimeFlags({ ...nowhere, document: document(0) });
  expect(heard).toEqual([{ checkout: true }, { checkout: true, late: true }]);
});

it('asks for the user who is logged in, for another, or for the page’s own anonymous one', () => {
  void loadRuntimeFlags({ ...nowhere, document: document(50), flag: 'checkout', user: 'dana' });
  const inside = (user: string): boolean => {
    void loadRuntimeFlags({ ...nowhere, document: document(50), flag: 'checkout', user });
    return isUserInRollout();
  };
  const users = ['dana', 'mira', 'tomas', 'ines', 'jo', 'kim'];
  const seen = users.map(inside);
  void loadRuntimeFlags({ ...nowhere, document: document(50), flag: 'checkout' });
  expect(users.map((user) => isUserInRollout(user))).toEqual(seen);
  expect(new Set(seen)).toEqual(new Set([true, false]));
  expect(isUserInRollout()).toBe(isUserInRollout(anonymousId()));
});

it('guesses no flag: without one, nobody is in', () => {
  void loadRuntimeFlags({ ...nowhere, document: document(100) });
  expect(isUserInRollout('dana')).toBe(false);
});

describe('somebody who is not logged in', () => {
  const freshId = async (): Promise<string> => {
    vi.resetModules();
    return (await import('../../src/flag-client/anonymous-id.js')).anonymousId();
  };

  it('has the same id in every tab and after a restart', async () => {
    vi.stubGlobal('localStorage', {});
    const id = await freshId();
    expect(id).not.toBe('');
    expect(await freshId()).toBe(id);
    vi.stubGlobal('localStorage', {});
    expect(await freshId()).not.toBe(id);
  });

  it('has the same id as long as the page lives where storage is blocked', async () => {
    vi.stubGlobal('localStorage', undefined);
    vi.resetModules();
    const { anonymousId: ask } = await import('../../src/flag-client/anonymous-id.js');
    expect(ask()).toBe(ask());
  });
});
