/** Flag documents made to hurt: read, refused, or taken as they are, but never more than that. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import { back, key } from '../support/contracts/flag-store-contract.js';
import { tempFolder } from '../support/temp-folder.js';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const flag = '"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"';

const documents: readonly [string, string][] = [
  ['a hundred nested lists', `{"flags":{"other":{${flag},"targeting":{"x":${deep(100)}}}}}`],
  ['a hundred thousand nested lists', `{"flags":{"other":{${flag},"targeting":{"x":${deep(100_000)}}}}}`],
  ['the same flag twice', `{"flags":{"other":{${flag}},"other":{${flag}}}}`],
  ['a flag named __proto__', `{"flags":{"__proto__":{${flag}}}}`],
  ['a member named __proto__', `{"__proto__":{"percent":100},"flags":{"other":{"__proto__":{"on":1},${flag}}}}`],
  ['a flag named constructor', `{"flags":{"constructor":{${flag}},"toString":{${flag}}}}`],
];

it.each(documents)('case 53: %s is read and written over, or refused with what is wrong', async (_, text) => {
  const path = join(await tempFolder(), 'flags.json');
  await writeFile(path, text);
  const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
  const outcome = await store.writeSafeState(back()).catch((error: Error) => error);
  if (outcome instanceof Error) {
    expect(outcome.name).toBe('AdapterError');
    expect(await readFile(path, 'utf8')).toBe(text);
  } else {
    expect(outcome).toMatchObject({ kind: 'written', receipt: { state: 'proven', percent: 0 } });
    expect(await store.read(key)).toMatchObject({ percent: 0 });
  }
  expect(({} as Record<string, unknown>)['on']).toBeUndefined();
  expect(({} as Record<string, unknown>)['percent']).toBeUndefined();
});
