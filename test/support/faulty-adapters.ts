/** Adapters with somebody around each call to the world who may spoil it. */
import type { FlagStore } from '../../src/adapters/flags/flag-store.js';
import type { Adapters } from '../../src/adapters/open.js';

/** Does the work, or not, or tells nobody. `what`: `read`, `claim`, `flip`, `rollback`, `measure`, `smoke`, `announce`, `archive`. */
export type Act = <T>(what: string, work: () => Promise<T>) => Promise<T>;

export function withFailpoints(
  { flagStores, metrics, smoke, announcers, posters, archive }: Adapters,
  act: Act,
): Adapters {
  const storeOf = (store: FlagStore): FlagStore => ({
    capabilities: store.capabilities,
    read: (key) => act('read', () => store.read(key)),
    list: () => store.list(),
    claim: (request) => act('claim', () => store.claim(request)),
    flip: (request) => act('flip', () => store.flip(request)),
    writeSafeState: (request) => act('rollback', () => store.writeSafeState(request)),
  });
  return {
    flagStores: new Map([...flagStores].map(([id, store]) => [id, storeOf(store)])),
    metrics: {
      server: metrics.server,
      measure: (...asked) => act('measure', () => metrics.measure(...asked)),
      ready: () => metrics.ready(),
    },
    smoke: { suites: smoke.suites, run: (...asked) => act('smoke', () => smoke.run(...asked)) },
    announcers: new Map(
      [...announcers].map(([id, announcer]) => [
        id,
        { announce: (announcement) => act('announce', () => announcer.announce(announcement)) },
      ]),
    ),
    posters,
    archive: {
      put: (path, text) => act('archive', () => archive.put(path, text)),
      get: (path) => archive.get(path),
    },
  };
}
