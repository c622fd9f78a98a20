/** What others' traffic weights were surprised by: who is in, who stays in, and what else in the file a rollout touches. */
import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import type { FlagDocument } from '../../src/adapters/flags/flag-document.js';
import type { FlagStore, WriteOutcome } from '../../src/adapters/flags/flag-store.js';
import { openMemoryFlagStore } from '../../src/adapters/flags/memory-flag-store.js';
import { back, claim, climb, flip, key, other, taken } from '../support/contracts/flag-store-contract.js';
import { tempFolder } from '../support/temp-folder.js';

let path: string;
let store: FlagStore;
beforeEach(async () => {
  path = join(await tempFolder(), 'flags.json');
  store = openFileFlagStore({ id: 'local', path, onTrouble: (sentence) => expect.unreachable(sentence) });
});

const quiet = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
const users = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);

/** Who is in, as flagd's own evaluation sees the file. */
async function whoIsIn(context: (user: string) => Record<string, string> = (user) => ({ targetingKey: user })) {
  const storage = new MemoryStorage(quiet);
  storage.setConfigurations(await readFile(path, 'utf8'), true);
  const core = new FlagdCore(storage, quiet);
  return users.filter((user) => core.resolveBooleanEvaluation(key, false, context(user)).value);
}

const without = (all: readonly string[], some: readonly string[]) => all.filter((one) => !some.includes(one));

/** Text of the document from its `name` on to that member's end: as somebody wrote it, to the letter. */
const memberText = (text: string, name: string): string => {
  const from = text.indexOf(`"${name}"`);
  const end = text.indexOf('\n    }', from);
  return from < 0 ? '' : text.slice(from, end);
};

const foreign = `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "price-factor": {
      "state": "ENABLED",
      "variants": {
        "exact": 0.1234567890123456789,
        "big": 12345678901234567890
      },
      "defaultVariant": "exact"
    },
    "reporting-unified-only": {
      "state": "ENABLED",
      "variants": {
        "on": true,
        "off": false
      },
      "defaultVariant": "on",
      "targeting": {}
    }
  }
}
`;

it('peer 24 (Argo TestReduceWeightAndHonorMaxUnavailable): lowering the percentage throws out only those above it', async () => {
  const { receipt } = await climb(store, 10);
  const atTen = await whoIsIn();
  const raised = await taken(store.flip(flip({ percent: 50, expectedRevision: receipt.revision })));
  const atFifty = await whoIsIn();
  await taken(store.flip(flip({ percent: 10, expectedRevision: raised.receipt.revision })));
  expect(without(atTen, atFifty)).toEqual([]);
  expect(await whoIsIn()).toEqual(atTen);
  expect(atTen.length).toBeGreaterThan(100);
});

it('peer 42 (Argo header_route, mirror_route): a rule for chosen users is never taken over, and a rollback puts them out, too', async () => {
  const chosen = { if: [{ '==': [{ var: 'team' }, 'staff'] }, 'on', 'off'] };
  const rule = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: chosen };
  await writeFile(path, JSON.stringify({ flags: { [key]: rule } }));
  const staff = (user: string) => ({ targetingKey: user, team: 'staff' });
  expect(await whoIsIn(staff)).toEqual(users);
  expect(await store.claim(claim())).toMatchObject({ kind: 'refused', why: 'unreadable-rule' });
  expect(await whoIsIn(staff)).toEqual(users);
  const { receipt } = await taken(store.writeSafeState(back()));
  expect(receipt).toMatchObject({ state: 'proven', percent: 0 });
  expect(await whoIsIn(staff)).toEqual([]);
});

it('peer 45 (Flagger istio/test-canary, delete and revert): after a rollback nothing of the file differs but the flag itself, and it is off for everybody', async () => {
  await writeFile(path, foreign);
  await climb(store, 10, 50, 100);
  await taken(store.writeSafeState(back()));
  const text = await readFile(path, 'utf8');
  const ours = memberText(text, key);
  expect(JSON.parse(`{${ours}}}`)).toMatchObject({ [key]: { state: 'ENABLED', defaultVariant: 'off', targeting: {} } });
  expect(text.replace(`,\n    ${ours}\n    }`, '')).toBe(foreign);
  expect(await whoIsIn()).toEqual([]);
});

it('peer 47 (Flagger test-session-affinity): who is in stays in all the way up, and a rollback puts everybody out', async () => {
  let last = await climb(store);
  let before: readonly string[] = [];
  const shares: number[] = [];
  for (const percent of [10, 25, 50, 100]) {
    last = await taken(store.flip(flip({ percent, expectedRevision: last.receipt.revision })));
    const inside = await whoIsIn();
    expect(without(before, inside), `thrown out at ${percent} %`).toEqual([]);
    before = inside;
    shares.push(Math.round((inside.length / users.length) * 20) * 5);
  }
  expect(shares).toEqual([10, 25, 50, 100]);
  await taken(store.writeSafeState(back()));
  expect(await whoIsIn()).toEqual([]);
});

it('peer 48 (Flagger kuma, linkerd, contour, knative): the same story gives the same answers and the same document in every store', async () => {
  const memory = openMemoryFlagStore();
  const story = async (one: FlagStore): Promise<unknown[]> => {
    const said: WriteOutcome[] = [];
    const say = async (outcome: Promise<WriteOutcome>) => said.push(await outcome);
    const revision = async () => (await one.read(key)).revision;
    await say(one.claim(claim()));
    await say(one.claim(claim({ owner: other })));
    await say(one.flip(flip({ percent: 10, expectedRevision: await revision() })));
    const seen = await revision();
    await say(one.flip(flip({ percent: 33.333, expectedRevision: seen })));
    await say(one.flip(flip({ percent: 50, expectedRevision: seen })));
    await say(one.writeSafeState(back({ asked: 'automatic', owner: other })));
    await say(one.writeSafeState(back({ safeState: { percent: 0, set: { 'old-editor': true } } })));
    await say(one.flip(flip({ percent: 50, expectedRevision: await revision() })));
    return said.map((outcome) =>
      outcome.kind === 'refused'
        ? [outcome.why, outcome.record]
        : [outcome.receipt.state, outcome.receipt.percent, outcome.receipt.fence, outcome.record],
    );
  };
  const inFile = await story(store);
  expect(inFile).toEqual(await story(memory));
  expect(inFile.map((answer) => (answer as unknown[])[0])).toEqual([
    'proven',
    'owned-by-another',
    'proven',
    'proven',
    'changed-since',
    'owned-by-another',
    'proven',
    'fence-lost',
  ]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(memory.document());
});

it('peer 50 (Flagger keda, hpa): flags of others stay as they were written, to the last digit', async () => {
  await writeFile(path, foreign);
  const untouched = async () => {
    const text = await readFile(path, 'utf8');
    for (const name of ['price-factor', 'reporting-unified-only'])
      expect(memberText(text, name)).toBe(memberText(foreign, name));
  };
  await climb(store, 10, 25, 50);
  await untouched();
  await taken(store.writeSafeState(back()));
  await untouched();
  expect(memberText(foreign, 'price-factor')).toContain('0.1234567890123456789');
});

it('peer 58 (GrowthBook getStartPatchForRule): a rollback restores exactly the safe state of the plan, from whatever the flags became', async () => {
  await writeFile(path, foreign);
  const safeState = { percent: 0, set: { 'reporting-unified-only': true } } as const;
  const claimed = await taken(store.claim(claim({ safeState })));
  const restored = memberText(await readFile(path, 'utf8'), 'reporting-unified-only');
  await taken(store.flip(flip({ percent: 50, expectedRevision: claimed.receipt.revision })));
  const document = JSON.parse(await readFile(path, 'utf8')) as FlagDocument;
  const targeting = { if: [true, 'off', 'on'] };
  const edited = { ...document.flags['reporting-unified-only'], defaultVariant: 'off', targeting };
  await writeFile(
    path,
    JSON.stringify({ ...document, flags: { ...document.flags, 'reporting-unified-only': edited } }),
  );
  const { record } = await taken(store.writeSafeState(back({ safeState })));
  expect(record).toMatchObject({ percent: 0, safeState, safeValuesHeld: true });
  expect(memberText(await readFile(path, 'utf8'), 'reporting-unified-only')).toBe(restored);
});
