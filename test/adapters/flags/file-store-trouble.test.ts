/** No room, no rights, no folder: an error that names it, and the last good document. */
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import { compiled } from '../../support/compiled.js';
import { back, claim, climb, key, taken } from '../../support/contracts/flag-store-contract.js';
import { tryHindered } from '../../support/hindered-child.js';
import { tempFolder } from '../../support/temp-folder.js';

const program = compiled('test/support/children/hindered-writer.ts');

const open = (path: string) =>
  openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
const rollback = (path: string, asNobody = false) => ({
  asNobody,
  write: { kind: 'rollback', path, request: back() } as const,
});

describe('case 43: without room', () => {
  it('the old document stays whole, the error says so, and the next write with room goes through', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, JSON.stringify({ description: 'x'.repeat(60_000), flags: {} }));
    await climb(open(path), 50);
    const before = await readFile(path, 'utf8');
    expect(await tryHindered(program(), rollback(path), 16)).toEqual({
      kind: 'error',
      name: 'AdapterError',
      reason: 'no-space',
      message: `The flag document ${path} could not be used: it would grow over the file size limit of this process (ulimit -f); raise the limit.`,
    });
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await readdir(join(path, '..'))).toSorted()).toEqual(['flags.json', 'flags.json.log.jsonl']);
    expect((await taken(open(path).writeSafeState(back()))).receipt).toMatchObject({ state: 'proven', percent: 0 });
  });

  it('for the log alone, a rollback still goes through', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await climb(open(path), 50);
    await writeFile(`${path}.log.jsonl`, `${'x'.repeat(60_000)}\n`);
    expect(await tryHindered(program(), rollback(path), 16)).toEqual({
      kind: 'done',
      told: [expect.stringMatching(/^The write log .*flags\.json\.log\.jsonl did not take a line: .*limit/)],
    });
    expect(await open(path).read(key)).toMatchObject({ percent: 0, fence: 2 });
  });
});

describe('case 44: without rights', () => {
  it('in its folder, nothing changes and the error says what is missing', async () => {
    const folder = join(await tempFolder(), 'flags');
    await mkdir(folder);
    await chmod(join(folder, '..'), 0o755);
    const path = join(folder, 'flags.json');
    await climb(open(path), 50);
    await chmod(folder, 0o555);
    expect(await tryHindered(program(), rollback(path, true))).toEqual({
      kind: 'error',
      name: 'AdapterError',
      reason: 'not-permitted',
      message: `The flag document ${path} could not be used: this process may not write or read there; give it the rights.`,
    });
    expect(await open(path).read(key)).toMatchObject({ percent: 50 });
    await chmod(folder, 0o755);
  });
});

describe('without a place', () => {
  const refused = async (path: string) => {
    const seen = async (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: Error) => error.message,
      );
    const messages = [await seen(open(path).claim(claim())), await seen(open(path).writeSafeState(back()))];
    expect(messages[1]).toBe(messages[0]);
    return messages[0]?.replace(path, '<path>');
  };

  it('the error says which part is wrong', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'folder'));
    await symlink('circle', join(folder, 'circle'));
    expect(await refused(join(folder, 'missing', 'flags.json'))).toBe(
      'The flag document <path> could not be used: its folder does not exist; make or mount it, or correct the path in the configuration.',
    );
    expect(await refused(join(folder, 'file', 'flags.json'))).toBe(
      'The flag document <path> could not be used: a part of its path is not a folder; correct the path in the configuration.',
    );
    expect(await refused(join(folder, 'folder'))).toBe(
      'The flag document <path> could not be used: there is a folder of that name; correct the path in the configuration.',
    );
    expect(await refused(join(folder, 'circle'))).toBe(
      'The flag document <path> could not be used: its symbolic links go in circles; mend them.',
    );
  });

  it('none of that is a configuration error that nobody would retry', async () => {
    const path = join(await tempFolder(), 'unmounted', 'flags.json');
    await expect(open(path).writeSafeState(back())).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('behind a link that leads nowhere yet, it is made where the link leads', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'data'));
    await symlink(join('data', 'flags.json'), join(folder, 'flags.json'));
    await climb(open(join(folder, 'flags.json')), 10);
    expect(await open(join(folder, 'data', 'flags.json')).read(key)).toMatchObject({ percent: 10 });
  });
});
