/** Adapters that count what goes wrong with them: most trouble becomes evidence and never shows as a failed activity. */
import { AdapterError } from './adapters/adapter-error.js';
import type { Announcer, Poster } from './adapters/announce/announcer.js';
import type { Archive } from './adapters/archive/archive.js';
import type { FlagStore } from './adapters/flags/flag-store.js';
import type { MetricsSource } from './adapters/metrics/metrics-source.js';
import type { Adapters } from './adapters/open.js';
import type { SmokeRunner } from './adapters/smoke/smoke-runner.js';

/** @param detail - a sentence that says what failed, and what to do. */
export type CountError = (adapter: string, reason: string, detail: string) => void;

export function countErrors(adapters: Adapters, count: CountError): Adapters {
  return {
    flagStores: mapOf(adapters.flagStores, (store, id) => countStore(store, errorsOf(`flag store ${id}`, count))),
    metrics: countMetrics(adapters.metrics, count),
    smoke: countSmoke(adapters.smoke, count),
    announcers: mapOf(adapters.announcers, (announcer, id) =>
      countAnnouncer(announcer, errorsOf(`channel ${id}`, count)),
    ),
    posters: mapOf(adapters.posters, (poster, id) => countPoster(poster, errorsOf(`channel ${id}`, count))),
    archive: countArchive(adapters.archive, errorsOf('archive', count)),
  };
}

type Counted = <T>(work: Promise<T>) => Promise<T>;

const errorsOf =
  (adapter: string, count: CountError): Counted =>
  async (work) => {
    try {
      return await work;
    } catch (error) {
      count(adapter, error instanceof AdapterError ? error.reason : 'unexpected', (error as Error).message);
      throw error;
    }
  };

const countStore = (store: FlagStore, counted: Counted): FlagStore => ({
  capabilities: store.capabilities,
  read: (key) => counted(store.read(key)),
  list: () => counted(store.list()),
  claim: (request) => counted(store.claim(request)),
  flip: (request) => counted(store.flip(request)),
  writeSafeState: (request) => counted(store.writeSafeState(request)),
});

const countAnnouncer = (announcer: Announcer, counted: Counted): Announcer => ({
  announce: (announcement) => counted(announcer.announce(announcement)),
});

const countPoster = (poster: Poster, counted: Counted): Poster => ({
  audience: poster.audience,
  post: (notice) => counted(poster.post(notice)),
});

const countArchive = (archive: Archive, counted: Counted): Archive => ({
  put: (path, text) => counted(archive.put(path, text)),
  get: (path) => counted(archive.get(path)),
});

/** Trouble with the source is data, not an error; it counts all the same, once for each query. */
const countMetrics = (metrics: MetricsSource, count: CountError): MetricsSource => ({
  server: metrics.server,
  measure: async (queries, at, options) => {
    const readings = await metrics.measure(queries, at, options);
    for (const reading of readings.values()) {
      if (reading.kind === 'unavailable' || reading.kind === 'invalid')
        count('metrics', reading.reason, reading.detail);
    }
    return readings;
  },
  ready: () => metrics.ready(),
});

const countSmoke = (smoke: SmokeRunner, count: CountError): SmokeRunner => ({
  suites: smoke.suites,
  run: async (suite, options) => {
    const outcome = await smoke.run(suite, options);
    if (outcome.outcome === 'unavailable')
      count('smoke', 'unavailable', outcome.detail ?? `Suite ${suite} could not be run.`);
    return outcome;
  },
});

const mapOf = <T>(things: ReadonlyMap<string, T>, wrap: (thing: T, id: string) => T) =>
  new Map([...things].map(([id, thing]) => [id, wrap(thing, id)]));
