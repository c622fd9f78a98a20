/** A person's flip outside of a rollout: taken over from nobody or a closed owner, on what was seen, with a higher fence. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { FlagStore } from '../../../src/adapters/flags/flag-store.js';
import { openHttpFlagStore } from '../../../src/adapters/flags/http/http-flag-store.js';
import { openMemoryFlagStore } from '../../../src/adapters/flags/memory-flag-store.js';
import { climb, claim, flip, key, other, owner, taken } from '../../support/contracts/flag-store-contract.js';
import { mappingOf, openFlagService } from '../../support/flag-service.js';
import { tempFolder } from '../../support/temp-folder.js';

const openFile = (path: string) =>
  openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });

const stores: [string, () => Promise<FlagStore>][] = [
  ['file', async () => openFile(join(await tempFolder(), 'flags.json'))],
  ['memory', () => Promise.resolve(openMemoryFlagStore())],
  [
    'http',
    async () => {
      const service = await openFlagService();
      onTestFinished(() => service.close());
      return openHttpFlagStore({ id: 'house', ...mappingOf(service.url) });
    },
  ],
];

async function set(store: FlagStore, percent: number, replaces: string | null) {
  const { fence, revision } = await store.read(key);
  return store.flip(flip({ percent, owner: null, replaces, fence, expectedRevision: revision }));
}

describe.each(stores)('in the %s store', (_, open) => {
  it('makes a flag, moves it up and down, and leaves it to nobody', async () => {
    const store = await open();
    for (const [index, percent] of [12.345, 100, 30, 0].entries()) {
      const { receipt, record } = await taken(set(store, percent, null));
      expect(receipt).toMatchObject({ state: 'proven', percent, fence: index + 1 });
      expect(record).toMatchObject({ exists: true, percent, fence: index + 1, owner: null });
      expect(await store.read(key)).toEqual(record);
    }
    expect((await taken(store.claim(claim()))).record).toMatchObject({ owner, percent: 0, fence: 5 });
  });

  it('takes over from the owner that was seen; that one then never lands a flip', async () => {
    const store = await open();
    const { receipt } = await climb(store, 10);
    expect((await taken(set(store, 50, owner))).record).toMatchObject({ percent: 50, owner: null, fence: 2 });
    const late = await store.flip(flip({ percent: 25, expectedRevision: receipt.revision }));
    expect(late).toMatchObject({ kind: 'refused', why: 'fence-lost' });
    expect(await store.read(key)).toMatchObject({ percent: 50, fence: 2 });
  });

  it('is refused where another owns the flag, or it changed since', async () => {
    const store = await open();
    await climb(store, 10);
    for (const replaces of [null, other]) {
      expect(await set(store, 50, replaces)).toMatchObject({ kind: 'refused', why: 'owned-by-another' });
    }
    const { fence, revision } = await store.read(key);
    await taken(store.flip(flip({ percent: 20, expectedRevision: revision })));
    const stale = flip({ percent: 50, owner: null, replaces: owner, fence, expectedRevision: revision });
    expect(await store.flip(stale)).toMatchObject({ kind: 'refused', why: 'changed-since' });
    expect(await store.read(key)).toMatchObject({ percent: 20, owner });
  });
});

it('the write log says that it was set, who set it, and why', async () => {
  const path = join(await tempFolder(), 'flags.json');
  await taken(set(openFile(path), 12.5, null));
  expect(JSON.parse(await readFile(`${path}.log.jsonl`, 'utf8'))).toMatchObject({
    action: 'set',
    key,
    reason: expect.any(String) as string,
    before: { percent: 0, owner: null },
    after: { percent: 12.5, fence: 1, owner: null },
  });
});
