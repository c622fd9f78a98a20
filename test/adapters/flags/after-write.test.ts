/** A CDN is told of every write, of none twice, and no write waits for it. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AdapterError } from '../../../src/adapters/adapter-error.js';
import { afterWritesDone, withAfterWrite } from '../../../src/adapters/flags/after-write.js';
import { openMemoryFlagStore } from '../../../src/adapters/flags/memory-flag-store.js';
import { back, claim, climb, flip, key, taken } from '../../support/contracts/flag-store-contract.js';
import { openLocalServer, type LocalServer } from '../../support/local-server.js';

let cdn: LocalServer;
let statuses: number[] = [];
beforeAll(async () => {
  cdn = await openLocalServer((response) => {
    const status = statuses.shift() ?? 201;
    // 0: takes the request and never answers.
    if (status > 0) response.writeHead(status).end();
  });
});
beforeEach(() => {
  statuses = [];
});
afterAll(() => cdn.close());

function open(changes: { url?: string; timeoutMs?: number } = {}) {
  const errors: AdapterError[] = [];
  const memory = openMemoryFlagStore();
  const hook = {
    url: `${cdn.url}/invalidations`,
    method: 'POST',
    path: '/flags.json',
    headers: { authorization: 'Bearer of-the-cdn' },
    body: { InvalidationBatch: { Paths: { Quantity: 1, Items: ['{path}'] }, CallerReference: '{reference}' } },
    timeoutMs: 1_000,
    ...changes,
  } as const;
  const store = withAfterWrite(memory, hook, { id: 'local', onError: (error) => errors.push(error) });
  return { store, memory, errors };
}

interface Batch {
  readonly InvalidationBatch: { readonly Paths: unknown; readonly CallerReference: string };
}

const sent = (since: number) => cdn.seen.slice(since).map(({ body }) => (JSON.parse(body) as Batch).InvalidationBatch);

it('one path and one reference for each write, and none for what only repeats it', async () => {
  const { store } = open();
  const before = cdn.seen.length;
  const { receipt } = await climb(store, 10);
  await store.flip(flip({ percent: 10, expectedRevision: receipt.revision }));
  const refused = await store.flip(flip({ percent: 25, fence: 9, expectedRevision: receipt.revision }));
  expect(refused.kind).toBe('refused');
  await taken(store.writeSafeState(back()));
  await taken(store.writeSafeState(back()));
  await store.read(key);
  await afterWritesDone(5_000);
  const batches = sent(before);
  expect(batches.map(({ Paths }) => Paths)).toEqual(Array(3).fill({ Quantity: 1, Items: ['/flags.json'] }));
  expect(new Set(batches.map(({ CallerReference }) => CallerReference)).size).toBe(3);
  expect(batches[0]?.CallerReference).toMatch(/^holdpoint-[0-9a-f]{32}$/);
  expect(cdn.seen.at(-1)?.headers.authorization).toBe('Bearer of-the-cdn');
});

it('tries again with the same reference, also for a request repeated by another process', async () => {
  const { store, memory, errors } = open();
  const before = cdn.seen.length;
  statuses = [503];
  await store.claim(claim());
  await afterWritesDone(5_000);
  const again = open();
  again.memory.replaceDocument(memory.document());
  await again.store.claim(claim());
  await afterWritesDone(5_000);
  const references = sent(before).map(({ CallerReference }) => CallerReference);
  expect(references).toHaveLength(3);
  expect(new Set(references).size).toBe(1);
  expect(errors.map(({ adapter, reason }) => [adapter, reason])).toEqual([['cdn of flag store local', 'bad-answer']]);
});

it('no write waits for one that hangs or is gone; each failure is told', async () => {
  const gone = open({ url: 'http://127.0.0.1:1/' });
  const hanging = open({ timeoutMs: 100 });
  statuses = [0, 0, 0];
  for (const { store } of [gone, hanging]) {
    await climb(store, 10);
    expect((await taken(store.writeSafeState(back()))).receipt).toMatchObject({ state: 'proven', percent: 0 });
  }
  await afterWritesDone(10_000);
  expect(new Set(gone.errors.map(({ reason }) => reason))).toEqual(new Set(['unreachable']));
  expect(hanging.errors.map(({ reason }) => reason)).toContain('timeout');
});
