/** From configuration to where the Temporal server is and how to get in. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { TemporalConfig, TlsConfig } from './config.js';
import { RolloutError } from './rollout-error.js';

export interface TemporalAddress {
  readonly namespace: string;
  /** What both the client's and the worker's connection take. */
  readonly connection: TemporalConnection;
}

interface TemporalConnection {
  /** `host:port` */
  readonly address: string;
  readonly apiKey?: string;
  readonly tls?: TemporalTls | boolean;
  readonly metadata?: Record<string, string>;
}

interface TemporalTls {
  serverNameOverride?: string;
  serverRootCACertificate?: Uint8Array;
  clientCertPair?: { crt: Uint8Array; key: Uint8Array };
}

/** A profile of the Temporal client configuration, where one is named; what the file says itself goes before it. */
export async function resolveTemporal(config: TemporalConfig): Promise<TemporalAddress> {
  const profile = config.profile === null ? {} : await loadProfile(config.profile);
  const apiKey = config.apiKey ?? profile.apiKey;
  const tls =
    (config.tls === null ? profile.tls : await loadTls(config.tls)) ?? (apiKey === undefined ? undefined : true);
  return {
    namespace: config.namespace ?? profile.namespace ?? 'default',
    connection: {
      address: withPort(config.address ?? profile.address ?? 'localhost'),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(tls === undefined ? {} : { tls }),
      ...(profile.metadata === undefined ? {} : { metadata: profile.metadata }),
    },
  };
}

const withPort = (address: string): string => (/:\d+$/.test(address) ? address : `${address}:7233`);

async function loadProfile(profile: string): Promise<Partial<TemporalConnection> & { namespace?: string }> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ profile });
    const { address, apiKey, tls, metadata } = connectionOptions;
    return {
      ...(address === undefined ? {} : { address }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(metadata === undefined ? {} : { metadata: metadata as Record<string, string> }),
    };
  } catch (error) {
    throw new RolloutError(
      'configuration',
      `The profile "${profile}" of the Temporal client configuration cannot be used: ${(error as Error).message}. Correct temporal.profile, or the file that TEMPORAL_CONFIG_FILE names.`,
      { cause: error },
    );
  }
}

async function loadTls({ serverName, caFile, certFile, keyFile }: TlsConfig): Promise<TemporalTls> {
  if ((certFile === null) !== (keyFile === null)) {
    throw new RolloutError('configuration', 'temporal.tls has only one of certFile and keyFile; give both or neither.');
  }
  return {
    ...(serverName === null ? {} : { serverNameOverride: serverName }),
    ...(caFile === null ? {} : { serverRootCACertificate: await readPem(caFile, 'caFile') }),
    ...(certFile === null || keyFile === null
      ? {}
      : { clientCertPair: { crt: await readPem(certFile, 'certFile'), key: await readPem(keyFile, 'keyFile') } }),
  };
}

async function readPem(path: string, member: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RolloutError(
      'configuration',
      `temporal.tls.${member} cannot be read: ${(error as Error).message}. Correct the path or the file's rights.`,
      { cause: error },
    );
  }
}

const knockMs = 3_000;

/** Knocks first: gRPC backs off for a second before it says that nobody is there. Throws `unreachable`. */
export async function knock({ connection: { address } }: TemporalAddress): Promise<void> {
  if (goesThroughProxy()) return;
  const why = await tryToConnect(address);
  if (why === null) return;
  throw new RolloutError(
    'unreachable',
    `Temporal at ${address} cannot be reached: ${why}. Start it, or correct temporal.address in the configuration.`,
  );
}

/** Then the proxy decides who is there. */
const goesThroughProxy = (): boolean =>
  ['grpc_proxy', 'https_proxy', 'http_proxy'].some((name) => (process.env[name] ?? '') !== '');

/** Null when somebody listens; otherwise why not. */
function tryToConnect(address: string): Promise<string | null> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(at + 1));
  return new Promise((resolve) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const finish = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    socket.setTimeout(knockMs, () => finish(`no connection within ${knockMs / 1_000} s`));
    socket.once('connect', () => finish(null));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(reasons[error.code ?? ''] ?? error.message));
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
};
