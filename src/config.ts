/** The worker's and the command line's configuration: one file, every problem at once. */
import { dirname, resolve } from 'node:path';
import type { PrometheusCredentials } from './adapters/metrics/prometheus.js';
import { configFileSchema } from './config-file.js';
import { toFlagStore, type FlagStoreConfig } from './config-stores.js';
import type { Audience } from './core/audience.js';
import type { ReviewTerms } from './core/review.js';
import { checkDocument } from './documents/check-document.js';
import { readText } from './documents/read-text.js';
import type { Problem } from './documents/problem.js';
import type { Environment } from './fill-environment.js';

/** Plain data; every path is absolute, every `${NAME}` is filled in. Holds secrets: never log it whole. */
export interface Config {
  /** Where it was read from. */
  readonly file: string;
  readonly temporal: TemporalConfig;
  readonly flagStores: Readonly<Record<string, FlagStoreConfig>>;
  readonly metrics: MetricsConfig;
  /** Paths of smoke suites by id. */
  readonly smoke: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ChannelConfig>>;
  readonly archive: { readonly kind: 'directory'; readonly path: string };
  readonly identity: 'claimed';
  readonly worker: WorkerConfig;
}

/** Null: as the profile of the Temporal client configuration says, or its own default. Either address or profile is set. */
export interface TemporalConfig {
  /** `host:port` */
  readonly address: string | null;
  readonly namespace: string | null;
  readonly taskQueue: string;
  readonly profile: string | null;
  readonly apiKey: string | null;
  readonly tls: TlsConfig | null;
}

export interface TlsConfig {
  readonly serverName: string | null;
  readonly caFile: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
}

export interface MetricsConfig {
  readonly kind: 'prometheus';
  readonly url: string;
  readonly timeoutMs: number;
  readonly staleAfterMs: number;
  readonly credentials: PrometheusCredentials | null;
}

export type ChannelConfig = ChannelKind & {
  /** Whom it reaches. What a rollout says by itself goes to staff only. */
  readonly audience: Audience;
};

type ChannelKind =
  | { readonly kind: 'console' }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  | SlackConfig
  | EmailConfig;

export interface SlackConfig {
  readonly kind: 'slack';
  readonly token: string;
  /** Slack's id of the room. */
  readonly room: string;
  /** Of the Web API. */
  readonly url: string;
}

export interface EmailConfig {
  readonly kind: 'email';
  /** `smtp://host:port` or `smtps://host:port` */
  readonly server: string;
  readonly plaintext: boolean;
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
}

export interface WorkerConfig {
  readonly guardSlots: number;
  /** How long people have to review a break-glass. */
  readonly review: ReviewTerms;
  /** `host:port` of our own metrics; null: not served. */
  readonly metricsAddress: string | null;
  /** `host:port` of the Temporal SDK's metrics; null: not served. */
  readonly sdkMetricsAddress: string | null;
  /** Null: not versioned, and every worker of the task queue runs every rollout. */
  readonly deployment: DeploymentConfig | null;
}

/** A rollout stays with the version it began on. */
export interface DeploymentConfig {
  readonly name: string;
  readonly buildId: string;
}

export type LoadedConfig =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws: a file that cannot be read is a problem, too. */
export async function loadConfig(path: string, env: Environment): Promise<LoadedConfig> {
  const read = await readText(path, 'name another one with --config or HOLDPOINT_CONFIG, or start with: holdpoint dev');
  if (!read.ok) return read;
  const checked = checkDocument(read.text, path, configFileSchema({ env, folder: dirname(resolve(path)) }));
  return checked.ok ? { ok: true, config: toConfig(resolve(path), checked.value) } : checked;
}

type ConfigFile = ReturnType<ReturnType<typeof configFileSchema>['parse']>;

function toConfig(file: string, { temporal, metrics, worker, ...rest }: ConfigFile): Config {
  const { flagStores, smoke, channels, archive, identity } = rest;
  const { kind, url, timeout, staleAfter } = metrics;
  return {
    file,
    temporal: {
      address: temporal.address ?? null,
      namespace: temporal.namespace ?? null,
      taskQueue: temporal.taskQueue,
      profile: temporal.profile ?? null,
      apiKey: temporal.apiKey ?? null,
      tls: temporal.tls === undefined ? null : toTls(temporal.tls),
    },
    flagStores: Object.fromEntries(Object.entries(flagStores).map(([id, store]) => [id, toFlagStore(store)])),
    metrics: { kind, url, timeoutMs: timeout, staleAfterMs: staleAfter, credentials: toCredentials(metrics) },
    smoke,
    channels: Object.fromEntries(Object.entries(channels).map(([id, channel]) => [id, toChannel(channel)])),
    archive,
    identity,
    worker: {
      guardSlots: worker.guardSlots,
      review: { deadlineMs: worker.review.deadline, remindEveryMs: worker.review.remindEvery },
      metricsAddress: worker.metricsAddress ?? null,
      sdkMetricsAddress: worker.sdkMetricsAddress ?? null,
      deployment: worker.deployment ?? null,
    },
  };
}

function toTls(tls: NonNullable<ConfigFile['temporal']['tls']>): TlsConfig {
  const { serverName = null, caFile = null, certFile = null, keyFile = null } = tls;
  return { serverName, caFile, certFile, keyFile };
}

function toChannel(channel: ConfigFile['channels'][string]): ChannelConfig {
  if (channel.kind !== 'email') return channel;
  const { login = null, ...rest } = channel;
  return { ...rest, credentials: login };
}

function toCredentials({ bearerToken, basicAuth }: ConfigFile['metrics']): PrometheusCredentials | null {
  if (bearerToken !== undefined) return { kind: 'bearer', token: bearerToken };
  return basicAuth === undefined ? null : { kind: 'basic', ...basicAuth };
}
