/** From configuration to the world: every adapter that the activities and the command line use. */
import type { Writable } from 'node:stream';
import type { Config } from '../config.js';
import type { FlagStoreConfig } from '../config-stores.js';
import type { Environment } from '../fill-environment.js';
import { openChannels, type Channels } from './announce/open-channels.js';
import type { Archive } from './archive/archive.js';
import { openDirectoryArchive } from './archive/directory-archive.js';
import type { AdapterError } from './adapter-error.js';
import { afterWritesDone, withAfterWrite } from './flags/after-write.js';
import { openFileFlagStore } from './flags/file-flag-store.js';
import type { FlagStore } from './flags/flag-store.js';
import { openHttpFlagStore } from './flags/http/http-flag-store.js';
import { openUnleashFlagStore } from './flags/unleash/unleash-flag-store.js';
import type { MetricsSource } from './metrics/metrics-source.js';
import { openPrometheus } from './metrics/prometheus.js';
import { openHttpSmokeRunner } from './smoke/http-smoke-runner.js';
import type { SmokeRunner } from './smoke/smoke-runner.js';

export interface Adapters extends Channels {
  /** By the id the plan names. */
  readonly flagStores: ReadonlyMap<string, FlagStore>;
  readonly metrics: MetricsSource;
  readonly smoke: SmokeRunner;
  readonly archive: Archive;
}

export interface AdapterSurroundings {
  /** For smoke suites' `${NAME}`. */
  readonly env: Environment;
  /** Where console channels and troubles go: a process's stderr, for stdout is data. */
  readonly talk: Writable;
  /** Trouble that fails nothing, such as a CDN that was not told; it was talked about already. */
  readonly onTrouble?: (error: AdapterError) => void;
}

/** Opens nothing that needs closing: files and connections are taken for each call. */
export function openAdapters(config: Config, surroundings: AdapterSurroundings): Adapters {
  const { env, talk } = surroundings;
  const archive = openDirectoryArchive(config.archive.path);
  return {
    flagStores: mapOf(config.flagStores, (store, id) => openFlagStore(id, store, surroundings)),
    metrics: openPrometheus(config.metrics),
    smoke: openHttpSmokeRunner({ suites: mapOf(config.smoke, (path) => path), env }),
    ...openChannels(config.channels, { talk, archive }),
    archive,
  };
}

/** Resolves when nothing is under way that no call waited for, or the limit is over: a process that ends asks it. */
export const adaptersDone = (limitMs: number): Promise<void> => afterWritesDone(limitMs);

function openFlagStore(id: string, config: FlagStoreConfig, surroundings: AdapterSurroundings): FlagStore {
  const { talk, onTrouble = () => undefined } = surroundings;
  const say = (sentence: string): void => void talk.write(`${sentence}\n`);
  const onError = (error: AdapterError): void => {
    say(error.message);
    onTrouble(error);
  };
  const store = openBareStore(id, config, say);
  return config.afterWrite === undefined ? store : withAfterWrite(store, config.afterWrite, { id, onError });
}

function openBareStore(id: string, config: FlagStoreConfig, onTrouble: (sentence: string) => void): FlagStore {
  switch (config.kind) {
    case 'file':
      return openFileFlagStore({ id, path: config.path, onTrouble });
    case 'unleash':
      return openUnleashFlagStore({ ...config, id, onTrouble });
    case 'http':
      return openHttpFlagStore({ ...config, id });
  }
}

const mapOf = <From, To>(record: Readonly<Record<string, From>>, make: (from: From, id: string) => To) =>
  new Map(Object.entries(record).map(([id, from]) => [id, make(from, id)]));
