/** Documents that clients would not take: nobody is moved up by them, they stay untouched, and a rollback goes through where there is a way. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import { readFlagSet } from '../../../src/flag-client/flag-set.js';
import { back, claim, climb, flip, key, taken } from '../../support/contracts/flag-store-contract.js';
import { tempFolder } from '../../support/temp-folder.js';

async function storeWithTen() {
  const path = join(await tempFolder(), 'flags.json');
  const troubles: string[] = [];
  const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => troubles.push(sentence) });
  const { receipt } = await climb(store, 10);
  return { path, store, revision: receipt.revision, troubles };
}

const within = (text: string, more: string): string => text.replace(/"flags": ?\{/, (found) => `${found}${more},`);
const off = '{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}';

it.each([
  ['a flag twice', (text: string) => within(text, `"x":${off},"x":${off}`), /a key is there twice/],
  ['a member twice', (text: string) => within(text, `"x":{"state":"DISABLED",${off.slice(1)}`), /a key is there twice/],
  ['our own flag twice', (text: string) => within(text, `"${key}":${off}`), /a key is there twice/],
  ['a byte order mark', (text: string) => `\uFEFF${text}`, /is not valid JSON/],
  ['5 MB', (text: string) => within(text, `"x":{"note":"${'y'.repeat(5_000_000)}"}`), /longer than 4 MiB/],
])(
  '%s: claims, flips and lists are refused with why; a rollback goes through, and clients read it',
  async (_, doubt, why) => {
    const { path, store, revision, troubles } = await storeWithTen();
    const text = doubt(await readFile(path, 'utf8'));
    await writeFile(path, text);
    expect(() => readFlagSet(text)).toThrow(why);
    const up = flip({ percent: 25, expectedRevision: revision });
    for (const attempt of [() => store.flip(up), () => store.claim(claim({ key: 'another' })), () => store.list()]) {
      const error: unknown = await attempt().catch((one: unknown) => one);
      expect(error).toMatchObject({
        name: 'AdapterError',
        reason: 'corrupt',
        message: expect.stringMatching(why) as string,
      });
      expect((error as Error).message).toContain('It was left untouched.');
    }
    expect(await readFile(path, 'utf8')).toBe(text);
    // As every parser reads it: this is what the way back stands on.
    expect(await store.read(key)).toMatchObject({ percent: 10 });
    expect((await taken(store.writeSafeState(back()))).receipt).toMatchObject({ state: 'proven', percent: 0 });
    expect(await store.read(key)).toMatchObject({ percent: 0 });
    if (text.length < 1_000_000) {
      readFlagSet(await readFile(path, 'utf8'));
      expect(await store.list()).not.toEqual([]);
      expect(troubles).toEqual([]);
    } else expect(troubles).toEqual([expect.stringContaining('keep what they hold: it is longer than 4 MiB')]);
  },
);

it('a flag nested as deep as clients take it, in a document as large as they take it, can be taken back so that they hear of it', async () => {
  const { path, store, troubles } = await storeWithTen();
  const nested = (await readFile(path, 'utf8')).replace(
    '"holdpoint.percent"',
    `"deep":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)},"holdpoint.percent"`,
  );
  const lean = JSON.stringify(JSON.parse(nested));
  const text = lean.replace('"flags":{', `"flags":{${fillers(3_000)},`);
  readFlagSet(text);
  await writeFile(path, text);
  expect(await store.read(key)).toMatchObject({ percent: 10 });
  expect((await taken(store.writeSafeState(back()))).receipt).toMatchObject({ state: 'proven', percent: 0 });
  const rule = readFlagSet(await readFile(path, 'utf8'))
    .get(key)
    ?.rule({ targetingKey: 'dana' });
  expect(rule).toMatchObject({ reason: 'STATIC', value: false });
  expect(troubles).toEqual([]);
});

/** Flags of a kilobyte, many short lines once they are spread out for people. */
const fillers = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `"f${at}":${off.replace('{', `{"metadata":{"list":[${'1,'.repeat(499)}1]},`)}`,
  ).join();

it('bytes that are no UTF-8 are not written over by a flip', async () => {
  const { path, store, revision } = await storeWithTen();
  const [before = '', after = ''] = within(await readFile(path, 'utf8'), `"x":{"title":"|"}`).split('|');
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xe9]), Buffer.from(after)]);
  await writeFile(path, bytes);
  const error: unknown = await store
    .flip(flip({ percent: 25, expectedRevision: revision }))
    .catch((one: unknown) => one);
  expect(error).toMatchObject({ reason: 'corrupt', message: expect.stringContaining('it is not UTF-8') as string });
  expect((await readFile(path)).equals(bytes)).toBe(true);
});

it('a depth bomb is refused by all with why, and stays untouched', async () => {
  const { path, store, revision } = await storeWithTen();
  const bomb = within(await readFile(path, 'utf8'), `"x":{"targeting":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  await writeFile(path, bomb);
  const up = flip({ percent: 25, expectedRevision: revision });
  for (const attempt of [() => store.flip(up), () => store.writeSafeState(back()), () => store.list()]) {
    const error: unknown = await attempt().catch((one: unknown) => one);
    expect(error).toMatchObject({ reason: 'corrupt', message: expect.stringContaining('nested too deep') as string });
  }
  expect(await readFile(path, 'utf8')).toBe(bomb);
});

it('no write makes a document that clients would not take', async () => {
  const { path, store, revision } = await storeWithTen();
  const text = await readFile(path, 'utf8');
  const lean = JSON.stringify(JSON.parse(text));
  const full = within(lean, `"x":{"note":"${'y'.repeat(4 * 2 ** 20 - lean.length - 40)}"}`);
  await writeFile(path, full);
  readFlagSet(full);
  const error: unknown = await store.claim(claim({ key: 'one-more' })).catch((one: unknown) => one);
  expect(error).toMatchObject({ message: expect.stringContaining('it would become longer than 4 MiB') as string });
  expect(await readFile(path, 'utf8')).toBe(full);
  expect(revision).toMatch(/^sha256:/);
});
