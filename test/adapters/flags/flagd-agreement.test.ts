/** What flagd's own evaluation makes of the documents that the file store writes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import { expect, it } from 'vitest';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import { back, claim, flip, key, taken } from '../../support/contracts/flag-store-contract.js';
import { tempFolder } from '../../support/temp-folder.js';

const complain = (...said: unknown[]): void => expect.unreachable(`flagd complains: ${said.join(' ')}`);
const logger = { error: complain, warn: complain, info: () => undefined, debug: () => undefined };
const users = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);

/** Strict: flagd's schema has the say. */
function evaluator(text: string) {
  const storage = new MemoryStorage(logger);
  storage.setConfigurations(text, true);
  const core = new FlagdCore(storage, logger);
  return (targetingKey?: string): boolean =>
    core.resolveBooleanEvaluation(key, false, targetingKey === undefined ? {} : { targetingKey }).value;
}

/** Who is in at each percent, and whether a caller without a key is. */
async function climbing(percents: readonly number[]) {
  const path = join(await tempFolder(), 'flags.json');
  const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
  let { receipt } = await taken(store.claim(claim()));
  const seen: { readonly percent: number; readonly users: Set<string>; readonly nobody: boolean }[] = [];
  const look = async (percent: number): Promise<void> => {
    const isOn = evaluator(await readFile(path, 'utf8'));
    seen.push({ percent, users: new Set(users.filter((user) => isOn(user))), nobody: isOn() });
  };
  await look(0);
  for (const percent of percents) {
    ({ receipt } = await taken(store.flip(flip({ percent, expectedRevision: receipt.revision }))));
    await look(percent);
  }
  await taken(store.writeSafeState(back({ safeState: { percent: 0, set: { another: true } } })));
  await look(0);
  return seen;
}

it('gives each percent its share, keeps everybody in on the way up, and lets everybody out at 0', async () => {
  const seen = await climbing([0.5, 1, 10, 25, 33.333, 50, 75, 99.9, 100]);
  for (const { percent, users: inside } of seen) {
    const share = percent / 100;
    // Four standard deviations of a fair draw; the draw is a hash, so the outcome never changes.
    const slack = 4 * Math.sqrt(users.length * share * (1 - share));
    expect(Math.abs(inside.size - users.length * share), `at ${percent} %`).toBeLessThanOrEqual(slack);
  }
  const up = seen.slice(0, -1);
  for (const [index, { users: inside, percent }] of up.entries()) {
    const before = [...(up[index - 1]?.users ?? [])];
    expect(
      before.filter((user) => !inside.has(user)),
      `thrown out at ${percent} %`,
    ).toEqual([]);
  }
  expect(seen[0]?.users.size).toBe(0);
  expect(up.at(-1)?.users.size).toBe(users.length);
  expect(seen.at(-1)?.users.size).toBe(0);
});

it('takes callers without a key for one user: out at 0, in at 100, in between in for good once they are in', async () => {
  const nobody = (await climbing([10, 50, 99.9, 100])).map((seen) => seen.nobody);
  expect([nobody.at(0), ...nobody.slice(-2)]).toEqual([false, true, false]);
  const up = nobody.slice(0, -1);
  expect(up).toEqual(up.toSorted((a, b) => Number(a) - Number(b)));
});

it('buckets one flag’s users apart from another’s', async () => {
  const isIn = async (name: string) => {
    const path = join(await tempFolder(), 'flags.json');
    const store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
    const { receipt } = await taken(store.claim(claim({ key: name })));
    await taken(store.flip(flip({ key: name, percent: 50, expectedRevision: receipt.revision })));
    const core = new FlagdCore(undefined, logger);
    core.setConfigurations(await readFile(path, 'utf8'));
    return users.map((targetingKey) => core.resolveBooleanEvaluation(name, false, { targetingKey }).value);
  };
  const [one, two] = [await isIn('one'), await isIn('two')];
  const both = one.filter((inside, index) => inside && two[index] === true).length;
  expect(both).toBeGreaterThan(users.length * 0.23);
  expect(both).toBeLessThan(users.length * 0.27);
});
