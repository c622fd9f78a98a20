/** A writing process killed, or overtaken by a rollback, before every single step that it takes on files. */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import { parseFlagDocument, readRecord } from '../../../src/adapters/flags/flag-document.js';
import { compiled } from '../../support/compiled.js';
import { back, climb, flip, key, taken } from '../../support/contracts/flag-store-contract.js';
import { startStepping } from '../../support/stepping-child.js';
import { tempFolder } from '../../support/temp-folder.js';

const program = compiled('test/support/children/stepping-writer.ts');

const open = (path: string) =>
  openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
const recordIn = async (path: string) => {
  const document = parseFlagDocument(await readFile(path, 'utf8'));
  if (document === null) throw new Error(`${path} is broken`);
  return readRecord(document, key);
};

/** Folders 1, 2, 3 … with the flag at 10 % in each. */
async function folders(count: number): Promise<{ readonly paths: string[]; readonly revision: string }> {
  const folder = await tempFolder();
  const first = join(folder, 'first.json');
  const { receipt } = await climb(open(first), 10);
  const paths = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await mkdir(join(folder, String(index + 1)));
      const path = join(folder, String(index + 1), 'flags.json');
      await copyFile(first, path);
      return path;
    }),
  );
  return { paths, revision: receipt.revision };
}

/** More than a write takes; a child that is through before its step says so. */
const steps = 28;

it('case 3: killed at any step leaves a whole document, the old one or the new one, and a store that goes on at once', async () => {
  const { paths, revision } = await folders(steps);
  const found = await inLanes(paths, async (path, index) => {
    const request = flip({ percent: 25, expectedRevision: revision });
    const child = startStepping(program(), { path, stops: [index + 1], then: 'die', write: { kind: 'flip', request } });
    const news = await child.news();
    const { percent, fence } = await recordIn(path);
    expect(fence).toBe(1);
    const again = await taken(open(path).flip(request));
    expect(again.receipt).toMatchObject({ state: 'proven', percent: 25, fence: 1 });
    expect((await taken(open(path).writeSafeState(back()))).receipt.fence).toBe(2);
    // The log of a process killed between the rename and its line may lack that line; nothing else stays behind.
    expect((await readdir(join(path, '..'))).toSorted()).toEqual(['flags.json', 'flags.json.log.jsonl']);
    return { killed: news === null, percent };
  });
  const percents = found.map(({ percent }) => percent);
  const turn = percents.indexOf(25);
  expect(percents).toEqual([...Array<number>(turn).fill(10), ...Array<number>(steps - turn).fill(25)]);
  // Both ends were reached: killed before and after the rename, and not killed at all.
  expect(found.slice(0, turn).every(({ killed }) => killed)).toBe(true);
  expect(found[turn]?.killed).toBe(true);
  expect(found.at(-1)?.killed).toBe(false);
});

it('case 4: overtaken by a rollback at any step never lands after it', async () => {
  const { paths, revision } = await folders(steps);
  const found = await inLanes(paths, async (path, index) => {
    const request = flip({ percent: 25, expectedRevision: revision });
    const child = startStepping(program(), {
      path,
      stops: [index + 1],
      then: 'wait',
      write: { kind: 'flip', request },
    });
    const news = await child.news();
    const { receipt } = await taken(open(path).writeSafeState(back()));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    if (news?.kind !== 'waiting') return 'through';
    child.goOn();
    const last = await child.news();
    if (last?.kind !== 'done') throw new Error('the writer died');
    expect(await recordIn(path)).toMatchObject({ percent: 0, fence: 2, revision: receipt.revision });
    const { outcome } = last;
    return outcome.kind === 'refused' ? outcome.why : outcome.kind;
  });
  const turn = found.indexOf('written');
  expect(turn).toBeGreaterThan(8);
  // Until its rename it is refused for its fence; after it, it had landed before the rollback.
  expect(found.slice(0, turn)).toEqual(Array<string>(turn).fill('fence-lost'));
  expect(found.slice(turn).every((outcome) => outcome === 'written' || outcome === 'through')).toBe(true);
  expect(found.at(-1)).toBe('through');
});

/** Longer than a write may take, and so than it tries again. */
const tooLongMs = 1_600;

it.each([
  ['at once', 0],
  ['after it stood still for too long', tooLongMs],
])('that made its temporary file after the rollback had cleared such files does not land either, %s', async (_, ms) => {
  const { paths, revision } = await folders(1);
  const [path = ''] = paths;
  const late = startStepping(program(), {
    path,
    stops: ['open', 'readlink'],
    then: 'wait',
    write: { kind: 'flip', request: flip({ percent: 25, expectedRevision: revision }) },
  });
  expect(await late.news()).toEqual({ kind: 'waiting', at: 'open' });
  const rollback = startStepping(program(), {
    path,
    stops: ['rename'],
    then: 'wait',
    write: { kind: 'rollback', request: back() },
  });
  expect(await rollback.news()).toEqual({ kind: 'waiting', at: 'rename' });
  late.goOn();
  // It has seen the document as it was before the rollback, and is about to ask for its lock.
  expect(await late.news()).toEqual({ kind: 'waiting', at: 'readlink' });
  rollback.goOn();
  expect(await rollback.news()).toMatchObject({ kind: 'done', outcome: { kind: 'written' } });
  await sleep(ms);
  late.goOn();
  expect(await late.news()).toMatchObject({ kind: 'done', outcome: { kind: 'refused', why: 'fence-lost' } });
  expect(await recordIn(path)).toMatchObject({ percent: 0, fence: 2 });
});

it('an edit made while it wrote its temporary file is kept', async () => {
  const { paths, revision } = await folders(1);
  const [path = ''] = paths;
  const request = flip({ percent: 25, expectedRevision: revision });
  const child = startStepping(program(), {
    path,
    stops: ['handle.sync'],
    then: 'wait',
    write: { kind: 'flip', request },
  });
  expect(await child.news()).toEqual({ kind: 'waiting', at: 'handle.sync' });
  const document = parseFlagDocument(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...document, flags: { ...document?.flags, another: { state: 'DISABLED' } } }));
  child.goOn();
  expect(await child.news()).toMatchObject({ kind: 'done', outcome: { kind: 'written', receipt: { percent: 25 } } });
  expect(parseFlagDocument(await readFile(path, 'utf8'))?.flags['another']).toEqual({ state: 'DISABLED' });
});

/** Four at a time: the machine may have two cores. */
async function inLanes<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await work(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return results;
}
