/** Steps written together: which fit into one write, in which order, and that each has an answer of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openErrands } from '../../../src/adapters/flags/errands.js';
import { claimStep } from '../../../src/adapters/flags/write-step.js';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { SafeStateRequest } from '../../../src/adapters/flags/flag-store.js';
import { tempFolder } from '../../support/temp-folder.js';

async function openStore() {
  const path = join(await tempFolder(), 'flags.json');
  const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
  const log = async () =>
    (await readFile(`${path}.log.jsonl`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string; action: string; key: string; after: { fence: number } });
  return { store, log };
}

const who = { by: 'dana', reason: 'because' };
const nothingElse = { percent: 0, set: {} } as const;

const claimOf = (key: string) => ({ key, owner: `run of ${key}`, replaces: null, safeState: nothingElse, ...who });

const backOf = (key: string, changes: Partial<SafeStateRequest> = {}): SafeStateRequest => ({
  key,
  owner: `run of ${key}`,
  safeState: nothingElse,
  fence: 1,
  asked: 'person',
  ...who,
  ...changes,
});

const keys = Array.from({ length: 150 }, (_, index) => `flag-${index}`);

it('many at once take few writes; each is proven and has its line in the log', async () => {
  const { store, log } = await openStore();
  const claims = await Promise.all(keys.map((key) => store.claim(claimOf(key))));
  const backs = await Promise.all(keys.map((key) => store.writeSafeState(backOf(key))));
  for (const [index, outcome] of [...claims, ...backs].entries()) {
    const fence = index < keys.length ? 1 : 2;
    expect(outcome).toMatchObject({ kind: 'written', receipt: { state: 'proven', fence }, record: { fence } });
  }
  const lines = await log();
  expect(lines.map(({ key }) => key).toSorted()).toEqual([...keys, ...keys].toSorted());
  // A hundred at a time.
  expect(new Set(lines.map(({ at, action }) => `${at} ${action}`)).size).toBeLessThanOrEqual(4);
  for (const key of keys) expect(await store.read(key)).toMatchObject({ percent: 0, fence: 2, owner: `run of ${key}` });
});

it('steps for one flag follow each other, each proven by what it wrote itself', async () => {
  const { store } = await openStore();
  await store.claim(claimOf('a'));
  const outcomes = await Promise.all([
    store.claim(claimOf('b')),
    ...['erin', 'finn', 'gil'].map((by) => store.writeSafeState(backOf('a', { owner: `break-glass:${by}`, by }))),
  ]);
  expect(outcomes.slice(1).map((outcome) => (outcome.kind === 'written' ? outcome.receipt : null))).toMatchObject(
    [2, 3, 4].map((fence) => ({ state: 'proven', fence })),
  );
});

it('a rollback goes before a flip that waited longer, and the flip is refused', async () => {
  const { store } = await openStore();
  await store.claim(claimOf('a'));
  const { revision } = await store.read('a');
  const busy = store.claim(claimOf('b'));
  const flip = store.flip({ key: 'a', owner: 'run of a', fence: 1, percent: 10, expectedRevision: revision, ...who });
  const back = store.writeSafeState(backOf('a'));
  await busy;
  expect(await back).toMatchObject({ kind: 'written', receipt: { state: 'proven', fence: 2, percent: 0 } });
  expect(await flip).toMatchObject({ kind: 'refused', why: 'fence-lost' });
});

it('a rollback that pins another flag is not written with that flag’s own', async () => {
  const { store, log } = await openStore();
  await store.claim(claimOf('other'));
  await store.claim(claimOf('a'));
  const set = { percent: 0, set: { other: false } } as const;
  const [, pinning, own] = await Promise.all([
    store.claim(claimOf('b')),
    store.writeSafeState(backOf('a', { safeState: set })),
    store.writeSafeState(backOf('other')),
  ]);
  expect(pinning).toMatchObject({ kind: 'written', receipt: { state: 'proven' }, record: { safeValuesHeld: true } });
  expect(own).toMatchObject({ kind: 'written', receipt: { state: 'proven' } });
  const backs = (await log()).filter(({ action }) => action === 'rollback');
  expect(backs.map(({ key }) => key)).toEqual(['a', 'other']);
});

it('who is out of patience takes only what is its own, and leaves the rest where it was', () => {
  const errands = openErrands();
  const [a, b, c] = ['a', 'b', 'c'].map((key) => errands.add(claimStep(claimOf(key))));
  expect(errands.take((errand) => errand === b)).toEqual([b]);
  expect(errands.take(() => true)).toEqual([a, c]);
  expect(errands.take(() => true)).toEqual([]);
});
