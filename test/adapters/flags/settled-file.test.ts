/** A file that is read again only when it may have changed: no way to change it goes unseen. */
import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settledFile } from '../../../src/adapters/flags/settled-file.js';
import { tempFolder } from '../../support/temp-folder.js';

/** Longer than the file system's clock takes for a step. */
const settledMs = 100;
const settling = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, settledMs + 50));

async function aFile(text = 'one') {
  const folder = await tempFolder();
  const path = join(folder, 'flags.json');
  await writeFile(path, text);
  const readBytes = settledFile(path, settledMs);
  return { folder, path, readBytes, read: async () => (await readBytes()).toString('utf8') };
}

it('keeps what has stood still for long enough, and reads it no more', async () => {
  const { readBytes } = await aFile();
  const fresh = await readBytes();
  expect(await readBytes()).not.toBe(fresh);
  await settling();
  const settled = await readBytes();
  expect(settled.toString('utf8')).toBe('one');
  expect(await readBytes()).toBe(settled);
});

interface Place {
  readonly folder: string;
  readonly path: string;
}

it.each<[how: string, change: (place: Place) => Promise<void>]>([
  ['written in place', ({ path }) => writeFile(path, 'two')],
  [
    'renamed over',
    async ({ folder, path }) => {
      await writeFile(join(folder, 'new'), 'two');
      await rename(join(folder, 'new'), path);
    },
  ],
  [
    'replaced by a link',
    async ({ folder, path }) => {
      await writeFile(join(folder, 'elsewhere'), 'two');
      await rm(path);
      await symlink(join(folder, 'elsewhere'), path);
    },
  ],
  [
    'written in place, and dated back',
    async ({ path }) => {
      await writeFile(path, 'two');
      await utimes(path, new Date(0), new Date(0));
    },
  ],
])('sees it %s, of the same length', async (_, change) => {
  const place = await aFile();
  await settling();
  expect(await place.read()).toBe('one');
  await change(place);
  expect(await place.read()).toBe('two');
  await settling();
  expect(await place.read()).toBe('two');
});

it('sees every one of many changes that come at once', async () => {
  const { path, read } = await aFile();
  await settling();
  for (let count = 100; count < 300; count += 1) {
    await writeFile(path, String(count));
    expect(await read()).toBe(String(count));
  }
});

it('sees it gone, and back', async () => {
  const { path, read } = await aFile();
  await settling();
  expect(await read()).toBe('one');
  await rm(path);
  expect(await read()).toBe('');
  await writeFile(path, 'two');
  expect(await read()).toBe('two');
});

it('sees where a link leads', async () => {
  const { folder, path } = await aFile();
  const link = join(folder, 'link');
  await symlink(path, link);
  const read = settledFile(link, settledMs);
  await settling();
  expect((await read()).toString('utf8')).toBe('one');
  await writeFile(join(folder, 'other'), 'two');
  await symlink(join(folder, 'other'), join(folder, 'next'));
  await rename(join(folder, 'next'), link);
  expect((await read()).toString('utf8')).toBe('two');
});
