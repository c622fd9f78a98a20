/** Breaking the glass in a store in which a flip that was under way may still land after it. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMemoryFlagStore } from '../../src/adapters/flags/memory-flag-store.js';
import { ruleFor } from '../../src/adapters/flags/flag-rule.js';
import { breakTheGlass } from '../../src/cli/break-glass.js';
import { climb, key } from '../support/contracts/flag-store-contract.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const why = { by: 'lee', reason: 'Temporal is gone' };

it('reads back and writes again for as long as one may land', async () => {
  const memory = openMemoryFlagStore();
  await climb(memory, 50);
  const store = { ...memory, capabilities: { ...memory.capabilities, fence: false } };
  const record = await store.read(key);
  const broken = breakTheGlass({ storeId: 's', store, environment: 'production', record }, why);
  await vi.advanceTimersByTimeAsync(2_000);
  const document = memory.document();
  memory.replaceDocument({ flags: { [key]: { ...document.flags[key], ...ruleFor(75) } } });
  await vi.advanceTimersByTimeAsync(4_000);
  const { receipt } = await broken;
  expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 3 });
  expect(memory.writes.slice(2).map(({ action, before, percent }) => [action, before, percent])).toEqual([
    ['rollback', 50, 0],
    ['rollback', 75, 0],
  ]);
  const last = await store.read(key);
  expect(last).toMatchObject({ percent: 0, breakGlass: { by: 'lee', environment: 'production' } });
});

it('is over at once in a store with a fence', async () => {
  const store = openMemoryFlagStore();
  await climb(store, 50);
  const found = { storeId: 's', store, environment: 'production', record: await store.read(key) };
  expect((await breakTheGlass(found, why)).receipt).toMatchObject({ state: 'proven', fence: 2 });
});
