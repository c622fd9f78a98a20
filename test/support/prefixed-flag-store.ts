/** A part of a store that nobody else looks at, for a server whose flags cannot be deleted between tests. */
import type { FlagRecord, SafeState } from '../../src/core/flag-record.js';
import type { FlagStore, WriteOutcome } from '../../src/adapters/flags/flag-store.js';

/** Every name that goes in has the prefix, and none that comes out. */
export function prefixedFlagStore(store: FlagStore, prefix: string): FlagStore {
  const into = (key: string): string => `${prefix}${key}`;
  const out = (key: string): string => key.slice(prefix.length);
  const state = (safe: SafeState, name: (key: string) => string): SafeState => ({
    percent: 0,
    set: Object.fromEntries(Object.entries(safe.set).map(([key, value]) => [name(key), value])),
  });
  const record = (one: FlagRecord): FlagRecord => ({
    ...one,
    key: out(one.key),
    safeState: one.safeState === null ? null : state(one.safeState, out),
  });
  const outcome = async (write: Promise<WriteOutcome>): Promise<WriteOutcome> => {
    const one = await write;
    return { ...one, record: record(one.record) };
  };
  return {
    capabilities: store.capabilities,
    read: async (key) => record(await store.read(into(key))),
    list: async () => (await store.list()).filter(({ key }) => key.startsWith(prefix)).map(record),
    claim: (request) =>
      outcome(store.claim({ ...request, key: into(request.key), safeState: state(request.safeState, into) })),
    flip: (request) => outcome(store.flip({ ...request, key: into(request.key) })),
    writeSafeState: ({ safeState, ...request }) => {
      const safe = safeState === null ? null : state(safeState, into);
      return outcome(store.writeSafeState({ ...request, key: into(request.key), safeState: safe }));
    },
  };
}
