/** A complete configuration of one folder, with only the interesting parts spelled out. */
import { join } from 'node:path';
import type { Config } from '../../src/config.js';

export interface ConfigPlace {
  /** Flag document, archive and the file itself are in here. */
  readonly folder: string;
  /** `host:port` of Temporal. */
  readonly address: string;
  /** Of the metrics source. */
  readonly url: string;
}

export function aConfig({ folder, address, url }: ConfigPlace, changes: Partial<Config> = {}): Config {
  return {
    file: join(folder, 'holdpoint.config.yaml'),
    temporal: { address, namespace: 'default', taskQueue: 'holdpoint', profile: null, apiKey: null, tls: null },
    flagStores: { local: { kind: 'file', path: join(folder, 'flags.json') } },
    metrics: { kind: 'prometheus', url, timeoutMs: 1_000, staleAfterMs: 90_000, credentials: null },
    smoke: {},
    channels: {},
    archive: { kind: 'directory', path: join(folder, 'archive') },
    identity: 'claimed',
    worker: {
      guardSlots: 10,
      review: { deadlineMs: 86_400_000, remindEveryMs: 28_800_000 },
      metricsAddress: '127.0.0.1:0',
      sdkMetricsAddress: null,
      deployment: null,
    },
    ...changes,
  };
}
