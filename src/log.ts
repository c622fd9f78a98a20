/** JSON logs: one line each, with the rollout's id, and never a secret. */
import type { Writable } from 'node:stream';
import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import { pino, stdTimeFunctions, type Logger } from 'pino';
import type { ChannelConfig, Config } from './config.js';
import type { FlagStoreConfig } from './config-stores.js';
import { seldom } from './seldom.js';

export type { Logger };

const lostServerMs = 10_000;

const hidden = '[secret]';

/** @param secrets - blotted out wherever they appear, should one ever slip into a message. */
export function openLog(stream: Writable, { level, secrets }: { level: string; secrets: readonly string[] }): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: blotter(secrets) },
    },
    stream,
  );
}

/** Takes secrets out of a text, also as JSON spells them. */
export function blotter(secrets: readonly string[]): (text: string) => string {
  const blots = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (text) => blots.reduce((left, blot) => left.replaceAll(blot, hidden), text);
}

/** Every secret in a configuration; short ones would blot out innocent text. */
export function secretsIn({ temporal, metrics, channels, flagStores }: Config): string[] {
  const { credentials } = metrics;
  const found = [
    temporal.apiKey,
    credentials?.kind === 'bearer' ? credentials.token : (credentials?.password ?? null),
    ...Object.values(channels).map(secretOf),
    ...Object.values(flagStores).flatMap(secretsOfStore),
  ];
  return found.filter((secret): secret is string => secret !== null && secret.length >= 4);
}

/** A header says more than its secret: also the last word of it, as in `Bearer …`. */
const secretsOfStore = (store: FlagStoreConfig): string[] => [
  ...(store.kind === 'unleash' ? [store.token] : []),
  ...Object.values({ ...(store.kind === 'http' ? store.headers : {}), ...store.afterWrite?.headers }).flatMap((value) =>
    [...new Set([value, value.split(' ').at(-1) ?? ''])].filter((word) => word.length >= leastHeaderSecret),
  ),
];

/** Shorter ones are words such as `no-cache`. */
const leastHeaderSecret = 16;

function secretOf(channel: ChannelConfig): string | null {
  switch (channel.kind) {
    case 'console':
      return null;
    case 'webhook':
      return channel.secret;
    case 'slack':
      return channel.token;
    case 'email':
      return channel.credentials?.password ?? null;
  }
}

/** What the SDK, workflows and activities log, as lines of ours: `rollout` instead of `workflowId`, no inner symbols. */
export function toTemporalLogger(log: Logger): TemporalLogger {
  const isNews = seldom(lostServerMs);
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const { workflowId, error, sdkComponent, ...rest } = meta;
    // Each of its polls says so, several times a second, for as long as the server is away.
    const repeats = rest['target'] === 'temporalio_client::retry' && !isNews('retry');
    const { taskToken: _, ...shown } = rest;
    log[repeats || isIdleTalk(message) ? 'debug' : toPinoLevel[level]](
      {
        ...(workflowId === undefined ? {} : { rollout: workflowId as unknown }),
        ...(sdkComponent === undefined ? {} : { from: sdkComponent as unknown }),
        ...shown,
        ...(error === undefined ? {} : { err: error as unknown }),
      },
      message,
    );
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

/** Each of our workers has only what its queue is for; the SDK mentions what it has not. */
const isIdleTalk = (message: string): boolean => /^No (workflows|activities|Nexus services) registered/.test(message);

const toPinoLevel = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
