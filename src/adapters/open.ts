/** From configuration to the world: every adapter that the activities and the command line use. */
import type { Writable } from 'node:stream';
import type { ChannelConfig, Config } from '../config.js';
import type { Environment } from '../fill-environment.js';
import type { Announcer } from './announce/announcer.js';
import { openConsoleAnnouncer } from './announce/console-announcer.js';
import { openWebhookAnnouncer } from './announce/webhook-announcer.js';
import type { Archive } from './archive/archive.js';
import { openDirectoryArchive } from './archive/directory-archive.js';
import { openFileFlagStore } from './flags/file-flag-store.js';
import type { FlagStore } from './flags/flag-store.js';
import type { MetricsSource } from './metrics/metrics-source.js';
import { openPrometheus } from './metrics/prometheus.js';
import { openHttpSmokeRunner } from './smoke/http-smoke-runner.js';
import type { SmokeRunner } from './smoke/smoke-runner.js';

export interface Adapters {
  /** By the id the plan names. */
  readonly flagStores: ReadonlyMap<string, FlagStore>;
  readonly metrics: MetricsSource;
  readonly smoke: SmokeRunner;
  /** By channel id. */
  readonly announcers: ReadonlyMap<string, Announcer>;
  readonly archive: Archive;
}

export interface AdapterSurroundings {
  /** For smoke suites' `${NAME}`. */
  readonly env: Environment;
  /** Where console channels and troubles go: a process's stderr, for stdout is data. */
  readonly talk: Writable;
}

/** Opens nothing that needs closing: files and connections are taken for each call. */
export function openAdapters(config: Config, { env, talk }: AdapterSurroundings): Adapters {
  const onTrouble = (sentence: string): void => void talk.write(`${sentence}\n`);
  return {
    flagStores: mapOf(config.flagStores, ({ path }, id) => openFileFlagStore({ id, path, onTrouble })),
    metrics: openPrometheus(config.metrics),
    smoke: openHttpSmokeRunner({ suites: mapOf(config.smoke, (path) => path), env }),
    announcers: mapOf(config.channels, (channel, id) => openChannel(id, channel, talk)),
    archive: openDirectoryArchive(config.archive.path),
  };
}

function openChannel(id: string, channel: ChannelConfig, talk: Writable): Announcer {
  switch (channel.kind) {
    case 'console':
      return openConsoleAnnouncer(talk);
    case 'webhook':
      return openWebhookAnnouncer({ id, url: channel.url, secret: channel.secret });
  }
}

const mapOf = <From, To>(record: Readonly<Record<string, From>>, make: (from: From, id: string) => To) =>
  new Map(Object.entries(record).map(([id, from]) => [id, make(from, id)]));
