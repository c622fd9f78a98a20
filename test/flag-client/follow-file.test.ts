/** A file replaced in every way there is: the client obeys each time, and keeps the last good document through the rest. */
import { mkdir, readFile, rename, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import { createFlags } from '../../src/flag-client/node/create-flags.js';
import type { Flags } from '../../src/flag-client/open-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { claim, flip, key, taken } from '../support/contracts/flag-store-contract.js';
import { tempFolder } from '../support/temp-folder.js';

/** As long as the other one, so that only times tell them apart. */
const on = `${documentOf({ f: { percent: 100 } })} `;
const off = documentOf({ f: { percent: 0 } });

function follow(file: string): Flags {
  const flags = createFlags({ file });
  onTestFinished(() => flags.close());
  return flags;
}

const obeys = (flags: Flags, value: boolean): Promise<void> =>
  vi.waitFor(() => expect(flags.get('f', !value)).toBe(value), { timeout: 10_000, interval: 2 });

async function replaceBy(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

const modes: Record<string, (path: string, text: string) => Promise<void>> = {
  'written in place': (path, text) => writeFile(path, text),
  'renamed over': replaceBy,
  'deleted and restored': async (path, text) => {
    await unlink(path);
    await writeFile(path, text);
  },
};

it('both documents are as long', () => expect(off).toHaveLength(on.length));

describe('in a folder', () => {
  it.each(Object.entries(modes))('case 51: %s, ten times over', async (_, write) => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, off);
    const flags = follow(path);
    expect(await flags.ready).toEqual({ loaded: true, problem: null });
    for (let round = 0; round < 10; round += 1) {
      await write(path, on);
      await obeys(flags, true);
      await write(path, off);
      await obeys(flags, false);
    }
  });

  it('twice in one instant of the file system', async () => {
    const path = join(await tempFolder(), 'flags.json');
    const flags = follow(path);
    for (let round = 0; round < 20; round += 1) {
      await writeFile(path, round % 2 === 0 ? on : off);
      await writeFile(path, round % 2 === 0 ? off : on);
      await obeys(flags, round % 2 === 1);
    }
  });

  it('by a file whose time lies in the past', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, on);
    const flags = follow(path);
    await obeys(flags, true);
    const { mtime } = await stat(path);
    await writeFile(`${path}.new`, off);
    await utimes(`${path}.new`, new Date(0), new Date(mtime.getTime() - 60_000));
    await rename(`${path}.new`, path);
    await obeys(flags, false);
  });
});

describe('behind links', () => {
  it('case 51: a link swapped for another', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'one.json'), on);
    await writeFile(join(folder, 'two.json'), off);
    const path = join(folder, 'flags.json');
    await symlink('one.json', path);
    const flags = follow(path);
    await obeys(flags, true);
    await symlink('two.json', `${path}.new`);
    await rename(`${path}.new`, path);
    await obeys(flags, false);
  });

  it('a folder of links swapped as a whole, as a cluster mounts configuration', async () => {
    const folder = await tempFolder();
    const release = async (name: string, text: string): Promise<void> => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'flags.json'), text);
      await symlink(name, join(folder, '..data_new'));
      await rename(join(folder, '..data_new'), join(folder, '..data'));
    };
    await release('..1', on);
    await symlink('..data/flags.json', join(folder, 'flags.json'));
    const flags = follow(join(folder, 'flags.json'));
    await obeys(flags, true);
    await release('..2', off);
    await rm(join(folder, '..1'), { recursive: true });
    await obeys(flags, false);
    await release('..3', on);
    await obeys(flags, true);
  });

  it('the file behind a link to another folder, written in place', async () => {
    const [here, there] = [await tempFolder(), await tempFolder()];
    await writeFile(join(there, 'real.json'), on);
    await symlink(join(there, 'real.json'), join(here, 'flags.json'));
    const flags = follow(join(here, 'flags.json'));
    await obeys(flags, true);
    await writeFile(join(there, 'real.json'), off);
    await obeys(flags, false);
  });

  it('the folder itself, moved away and made anew', async () => {
    const path = join(await tempFolder(), 'config', 'flags.json');
    await mkdir(dirname(path));
    await writeFile(path, on);
    const flags = follow(path);
    await obeys(flags, true);
    await rename(dirname(path), `${dirname(path)}.old`);
    await mkdir(dirname(path));
    await writeFile(path, off);
    await obeys(flags, false);
    await writeFile(path, on);
    await obeys(flags, true);
  });
});

describe('keeps the last good document, says so, and obeys the next good one, when the file', () => {
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['is truncated', (path) => writeFile(path, ''), /flag document: .*JSON/],
    ['is half written', (path) => writeFile(path, on.slice(0, 40)), /flag document: .*JSON/],
    ['is gone', (path) => unlink(path), /the file is not there/],
    ['is a folder', (path) => unlink(path).then(() => mkdir(path)), /EISDIR/],
    ['has 20 MB', (path) => writeFile(path, ' '.repeat(20_000_000)), /20000000 bytes are too many/],
  ])('%s', async (_, spoil, why) => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, on);
    const flags = follow(path);
    await obeys(flags, true);
    await spoil(path);
    await vi.waitFor(() => expect(flags.status().problem).toMatch(why), { timeout: 10_000 });
    expect(flags.details('f', false)).toMatchObject({ value: true, reason: 'STATIC' });
    expect(flags.details('f', false).problem).toMatch(why);
    await rm(path, { recursive: true, force: true });
    await replaceBy(path, off);
    await obeys(flags, false);
    expect(flags.status().problem).toBeNull();
  });
});

it('is ready with a reason when the file is not there, and obeys it when it comes', async () => {
  const path = join(await tempFolder(), 'not-yet', 'flags.json');
  const flags = follow(path);
  const { loaded, problem } = await flags.ready;
  expect(loaded).toBe(false);
  expect(problem).toBe(`${path}: the file is not there`);
  expect(flags.details('f', 'mine')).toMatchObject({
    value: 'mine',
    reason: 'ERROR',
    errorCode: 'PROVIDER_NOT_READY',
    errorMessage: problem,
  });
  await mkdir(dirname(path));
  await writeFile(path, on);
  await obeys(flags, true);
});

it('an older document is obeyed: whoever restored it on disk meant it', async () => {
  const path = join(await tempFolder(), 'flags.json');
  await writeFile(path, documentOf({ f: { percent: 100, revision: 9 } }));
  const flags = follow(path);
  await obeys(flags, true);
  await writeFile(path, documentOf({ f: { percent: 0, revision: 3 } }));
  await obeys(flags, false);
});

it('obeys what the file store writes, and hears nothing after it is closed', async () => {
  const path = join(await tempFolder(), 'flags.json');
  const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
  const { receipt } = await taken(store.claim(claim()));
  const flags = follow(path);
  await flags.ready;
  const isOn = (): boolean => flags.get(key, false, { targetingKey: 'dana' });
  expect(isOn()).toBe(false);
  await taken(store.flip(flip({ percent: 100, expectedRevision: receipt.revision })));
  await vi.waitFor(() => expect(isOn()).toBe(true), { timeout: 10_000 });
  let heard = 0;
  flags.onChange(() => (heard += 1));
  flags.close();
  await writeFile(path, (await readFile(path, 'utf8')).replace('"ENABLED"', '"DISABLED"'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect({ heard, isOn: isOn() }).toEqual({ heard: 0, isOn: true });
});
