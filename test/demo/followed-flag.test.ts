/** Following a flag through everything that can happen to a file. */
import { mkdtemp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import { followFlag, type FollowedFlag } from '../../src/demo/target/followed-flag.js';
import { flagDocumentAt as at, targetFlagKey as key } from '../support/a-target.js';

let folder: string;
let path: string;
let flag: FollowedFlag | null = null;

function follow(of = path): FollowedFlag {
  flag = followFlag({ path: of, key, onChange: () => {}, onProblem: () => {} });
  return flag;
}

const obeys = (percent: number): Promise<void> =>
  vi.waitFor(() => expect(flag?.percent()).toBe(percent), { timeout: 5_000, interval: 5 });
const says = (problem: string | null): Promise<void> =>
  vi.waitFor(() => expect(flag?.problem()).toBe(problem), { timeout: 5_000, interval: 5 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-flag-'));
  path = join(folder, 'flags.json');
});
afterEach(async () => {
  flag?.close();
  flag = null;
  await rm(folder, { recursive: true, force: true });
});

describe('a followed flag', () => {
  it('is off while there is no file, and obeys the file once it is there', async () => {
    expect(follow().percent()).toBe(0);
    expect(flag?.problem()).toBe('the file cannot be read');
    await writeFile(path, at(25));
    await obeys(25);
    expect(flag?.problem()).toBeNull();
  });

  it('obeys every flip and the rollback of the real store, in order', async () => {
    const store = openFileFlagStore({ id: 'local', path, onTrouble: console.error });
    follow();
    const who = { key, owner: 'us', by: 'dana', reason: 'test' };
    const claimed = await store.claim({ ...who, replaces: null, safeState: { percent: 0, set: {} } });
    let { revision, fence } = claimed.kind === 'written' ? claimed.receipt : { revision: '', fence: 0 };
    for (const percent of [10, 25, 50]) {
      const flipped = await store.flip({ ...who, percent, fence, expectedRevision: revision });
      revision = flipped.kind === 'written' ? flipped.receipt.revision : '';
      await obeys(percent);
    }
    await store.writeSafeState({ ...who, fence, asked: 'automatic', safeState: { percent: 0, set: {} } });
    await obeys(0);
    expect(flag?.changes().map(({ percent }) => percent)).toEqual([0, 10, 25, 50, 0]);
  });

  it('case 51: survives a write in place', async () => {
    await writeFile(path, at(10));
    follow();
    await writeFile(path, at(50));
    await obeys(50);
  });

  it('case 51: survives a rename over it', async () => {
    await writeFile(path, at(10));
    follow();
    await writeFile(`${path}.new`, at(50));
    await rename(`${path}.new`, path);
    await obeys(50);
  });

  it('case 51: keeps the last good rule while the file is gone, and says so', async () => {
    await writeFile(path, at(25));
    follow();
    await rm(path);
    await says('the file cannot be read');
    expect(flag?.percent()).toBe(25);
    await writeFile(path, at(50));
    await obeys(50);
    await says(null);
  });

  it.each([
    ['not JSON', '{"flags":', 'the file is not JSON'],
    ['empty', '', 'the file is empty'],
    ['not a flag document', '{"answer": 42}', 'the file has no "flags"'],
  ])('keeps the last good rule while the file is %s', async (_, text, problem) => {
    await writeFile(path, at(25));
    follow();
    await writeFile(path, text);
    await says(problem);
    expect(flag?.percent()).toBe(25);
    await writeFile(path, at(25));
    await says(null);
  });

  it('case 51: survives a swapped link to another folder', async () => {
    for (const [name, percent] of [
      ['one', 10],
      ['two', 50],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'flags.json'), at(percent));
    }
    await symlink('one', join(folder, 'current'));
    follow(join(folder, 'current', 'flags.json'));
    expect(flag?.percent()).toBe(10);
    await symlink('two', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'current'));
    await obeys(50);
  });

  it('survives its folder being replaced', async () => {
    const inner = join(folder, 'flags');
    await mkdir(inner);
    await writeFile(join(inner, 'flags.json'), at(10));
    follow(join(inner, 'flags.json'));
    await rename(inner, join(folder, 'old'));
    await says('the file cannot be read');
    await mkdir(inner);
    await writeFile(join(inner, 'flags.json'), at(50));
    await obeys(50);
  });
});
