/** The file store keeps to the contract, and to what a file needs beyond it. */
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { FlagDocument } from '../../../src/adapters/flags/flag-document.js';
import {
  editDocument,
  flagDocumentContract,
  type DocumentStoreUnderTest,
} from '../../support/contracts/flag-document-contract.js';
import {
  back,
  claim,
  climb,
  flagStoreContract,
  key,
  owner,
  taken,
} from '../../support/contracts/flag-store-contract.js';
import { tempFolder } from '../../support/temp-folder.js';

const open = (path: string, onTrouble: (sentence: string) => void = (sentence) => expect.unreachable(sentence)) =>
  openFileFlagStore({ id: 'local', path, onTrouble });
const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as FlagDocument;

async function openFile(): Promise<DocumentStoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-'));
  const path = join(folder, 'flags.json');
  const documents = {
    document: () => readJson(path),
    replaceDocument: (document: FlagDocument) => writeFile(path, JSON.stringify(document)),
  };
  const close = () => rm(folder, { recursive: true });
  return { store: open(path), ...documents, others: editDocument(documents), close };
}

flagStoreContract('file', openFile);
flagDocumentContract('file', openFile);

describe('the flag document', () => {
  it('has flagd’s form, to the letter', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await climb(open(path), 10, 33.333);
    expect(await readJson(path)).toEqual({
      flags: {
        [key]: {
          state: 'ENABLED',
          variants: { on: true, off: false },
          defaultVariant: 'off',
          targeting: {
            fractional: [
              { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] },
              ['on', 33_333],
              ['off', 66_667],
            ],
          },
          metadata: {
            'holdpoint.percent': 33.333,
            'holdpoint.fence': 1,
            'holdpoint.revision': 3,
            'holdpoint.owner': owner,
            'holdpoint.safeState': '{"percent":0,"set":{}}',
          },
        },
      },
    });
  });

  it('is left alone by what writes nothing', async () => {
    const path = join(await tempFolder(), 'flags.json');
    const { store } = { store: open(path) };
    await climb(store, 10);
    const before = await stat(path);
    await store.read(key);
    await store.claim(claim({ owner: 'another' }));
    const after = await stat(path);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('is read anew when it is edited, as short a time after and as alike as an edit can be', async () => {
    const path = join(await tempFolder(), 'flags.json');
    const store = open(path);
    await climb(store, 10);
    const text = await readFile(path, 'utf8');
    const { atime, mtime } = await stat(path);
    for (const percent of [11, 10, 12]) {
      await writeFile(path, text.replaceAll('10000', `${percent}000`).replaceAll('90000', `${100 - percent}000`));
      await utimes(path, atime, mtime);
      expect(await store.read(key)).toMatchObject({ percent });
    }
  });

  it('made by touch counts as empty', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, '\n');
    expect((await climb(open(path), 10)).record.percent).toBe(10);
  });

  it('case 53: may be large', async () => {
    const path = join(await tempFolder(), 'flags.json');
    const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: {} };
    const flags = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`flag-${index}`, flag]));
    await writeFile(path, JSON.stringify({ flags }));
    await climb(open(path), 10);
    await taken(open(path).writeSafeState(back()));
    const { [key]: ours, ...others } = (await readJson(path)).flags;
    expect(others).toEqual(flags);
    expect(ours).toMatchObject({ defaultVariant: 'off' });
  });

  it.each([
    ['no JSON', '{"flags": {'],
    ['half a document', '{"flags": {"a": {"state": "ENABL'],
    ['a list', '[]'],
    ['flags that are a list', '{"flags": []}'],
    ['a flag that is a text', '{"flags": {"a": "on"}}'],
  ])('that is %s is refused and left untouched, by a rollback, too', async (_, text) => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, text);
    const refusal = {
      name: 'AdapterError',
      adapter: 'flag store local',
      reason: 'corrupt',
      message: `${path} is not a flag document (JSON with "flags"); it was left untouched. Restore it from its last good version.`,
    };
    await expect(open(path).read(key)).rejects.toMatchObject(refusal);
    await expect(open(path).claim(claim())).rejects.toMatchObject(refusal);
    await expect(open(path).writeSafeState(back())).rejects.toMatchObject(refusal);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('the file', () => {
  it('keeps its mode, whatever the umask', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await writeFile(path, '{"flags":{}}');
    await chmod(path, 0o666);
    await climb(open(path), 10);
    expect((await stat(path)).mode & 0o777).toBe(0o666);
    await chmod(path, 0o640);
    await taken(open(path).writeSafeState(back()));
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('behind a symbolic link is written where it is; the link stays, its lock and log are the same', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'data'));
    const real = join(folder, 'data', 'flags.json');
    const link = join(folder, 'flags.json');
    await symlink('data/flags.json', link);
    await climb(open(link), 10);
    expect((await readJson(real)).flags).toHaveProperty(key);
    await taken(open(real).writeSafeState(back()));
    expect(await open(link).read(key)).toMatchObject({ percent: 0, fence: 2 });
    expect((await readdir(folder)).toSorted()).toEqual(['data', 'flags.json']);
    expect((await readdir(dirname(real))).toSorted()).toEqual(['flags.json', 'flags.json.log.jsonl']);
  });

  it('that vanished is made again at 0 by a rollback', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await climb(open(path), 50);
    await unlink(path);
    expect(await open(path).read(key)).toMatchObject({ exists: false });
    expect((await taken(open(path).writeSafeState(back()))).record).toMatchObject({ exists: true, percent: 0 });
  });
});

describe('the write log', () => {
  const lines = async (path: string) =>
    (await readFile(`${path}.log.jsonl`, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('says who did what, why, when, before and after; each line goes on where the last one ended', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await climb(open(path), 10);
    await open(path).writeSafeState(back({ owner: 'break-glass:lee', by: 'lee', reason: 'errors at the checkout' }));
    const [first, second, third, ...rest] = await lines(path);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ action: 'claim', before: { percent: 0, fence: 0, revision: 'none', owner: null } });
    expect(second).toMatchObject({ action: 'flip', before: first?.['after'], after: { percent: 10 } });
    expect(third).toEqual({
      at: expect.stringMatching(/Z$/),
      action: 'rollback',
      key,
      by: 'lee',
      reason: 'errors at the checkout',
      before: second?.['after'],
      after: { percent: 0, fence: 2, revision: expect.any(String), owner: 'break-glass:lee' },
    });
  });

  it('begins a new line after one that a killed process left half written', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await climb(open(path));
    await writeFile(`${path}.log.jsonl`, '{"at":"2026-12-01T1', { flag: 'a' });
    await open(path).writeSafeState(back());
    const [whole, torn, next] = (await readFile(`${path}.log.jsonl`, 'utf8')).split('\n');
    expect(JSON.parse(whole ?? '')).toMatchObject({ action: 'claim' });
    expect(torn).toBe('{"at":"2026-12-01T1');
    expect(JSON.parse(next ?? '')).toMatchObject({ action: 'rollback' });
  });

  it('that takes no line does not fail a rollback, but is told', async () => {
    const path = join(await tempFolder(), 'flags.json');
    await mkdir(`${path}.log.jsonl`);
    const told: string[] = [];
    expect((await taken(open(path, (one) => told.push(one)).writeSafeState(back()))).receipt.state).toBe('proven');
    expect(told).toEqual([
      `The write log ${path}.log.jsonl did not take a line: there is a folder of that name; correct the path in the configuration.`,
    ]);
  });
});
