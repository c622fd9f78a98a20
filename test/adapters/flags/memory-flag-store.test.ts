/** The shipped fake keeps to the contract, and fails when it is told to. */
import { expect, it } from 'vitest';
import { AdapterError } from '../../../src/adapters/adapter-error.js';
import type { FlagDocument } from '../../../src/adapters/flags/flag-document.js';
import { openMemoryFlagStore } from '../../../src/adapters/flags/memory-flag-store.js';
import {
  editDocument,
  flagDocumentContract,
  type DocumentStoreUnderTest,
} from '../../support/contracts/flag-document-contract.js';
import { back, climb, flagStoreContract, key } from '../../support/contracts/flag-store-contract.js';

const openMemory = (): Promise<DocumentStoreUnderTest> => {
  const store = openMemoryFlagStore();
  const documents = {
    document: () => Promise.resolve(store.document()),
    replaceDocument: (document: FlagDocument) => Promise.resolve(store.replaceDocument(document)),
  };
  return Promise.resolve({ store, ...documents, others: editDocument(documents), close: () => Promise.resolve() });
};

flagStoreContract('memory', openMemory);
flagDocumentContract('memory', openMemory);

it('keeps its writes, and fails until it is mended', async () => {
  const store = openMemoryFlagStore();
  await climb(store, 10);
  const trouble = new AdapterError('flag store memory', 'unreachable', 'told to fail');
  store.breakWith(trouble);
  await expect(store.read(key)).rejects.toBe(trouble);
  await expect(store.list()).rejects.toBe(trouble);
  await expect(store.writeSafeState(back())).rejects.toBe(trouble);
  store.breakWith(null);
  await store.writeSafeState(back());
  expect(store.writes.map(({ action, percent, fence }) => [action, percent, fence])).toEqual([
    ['claim', 0, 1],
    ['flip', 10, 1],
    ['rollback', 0, 2],
  ]);
});
