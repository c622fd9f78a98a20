/** The Temporal client with a deadline on every call, and its errors in an operator's words. */
import { hostname } from 'node:os';
import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isRetryableError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import type { TemporalConfig } from './config.js';
import { failingTask } from './failing-task.js';
import { RolloutError } from './rollout-error.js';
import { knock, resolveTemporal, type TemporalAddress } from './temporal-address.js';

export interface TemporalReach {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Throws only `RolloutError`. */
  ask<T>(call: Call<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Call<T> {
  /** As in `… failed`: `The status of rollout/production/x`. */
  readonly what: string;
  readonly limitMs: number;
  /** The workflow that a worker has to run to answer: then silence means that none does, or none can. */
  readonly answeredBy?: string;
  readonly run: (client: Client) => Promise<T>;
}

/** @param connectMs - for the first answer of a server that takes connections. */
export async function openReach(config: TemporalConfig, connectMs = 5_000): Promise<TemporalReach> {
  const temporal = await resolveTemporal(config);
  await knock(temporal);
  const { address } = temporal.connection;
  const { namespace } = temporal;
  const connection = await connect(temporal, connectMs);
  const client = new Client({ connection, namespace, identity: `holdpoint@${hostname()}` });
  return reachOf({ client, address, namespace, taskQueue: config.taskQueue }, () => connection.close());
}

/** With a client that is there already, such as a worker's. */
export function reachOf(place: Place, close: () => Promise<void>): TemporalReach {
  const { client } = place;
  return {
    ...place,
    ask: async <T>(call: Call<T>): Promise<T> => {
      try {
        return await client.withDeadline(Date.now() + call.limitMs, () => call.run(client));
      } catch (error) {
        throw await explain(error, call, place);
      }
    },
    close,
  };
}

/** Of gRPC: the codes that are told apart. */
export const grpcCode = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/**
 * How the server gives an update back that no run has taken: the rollout just went on in a new run, its worker
 * stumbled, or several workers died over it one after the other. The same one may be sent again.
 */
const givenBack = /update was aborted|update due to (?:unexpected workflow task failure|Workflow Task in failed state)/;

/** A busy server is asked again as long as the call may take; one that is away is said to be away within a second. */
const retries = {
  ...defaultGrpcRetryOptions(),
  retryableDecider: (attempt: number, status: Parameters<typeof isRetryableError>[0]): boolean => {
    if (givenBack.test(status.details)) return attempt < 10;
    return isRetryableError(status) && attempt < (status.code === grpcCode.resourceExhausted ? 10 : 4);
  },
};

async function connect({ connection: options }: TemporalAddress, connectMs: number): Promise<Connection> {
  try {
    return await Connection.connect({
      ...options,
      connectTimeout: connectMs,
      interceptors: [makeGrpcRetryInterceptor(retries)],
      channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 3_000 },
    });
  } catch (error) {
    const { message } = rootOf(error);
    const silent = message.includes('before the deadline');
    throw new RolloutError(
      'unreachable',
      silent
        ? `Temporal at ${options.address} takes connections, but gives no answer that is one within ${connectMs / 1_000} s. See whether the server hangs, whether something else listens there, and whether it wants tls.`
        : `Temporal at ${options.address} does not let us in: ${message}. Check the address, tls and apiKey in the configuration.`,
      { cause: error },
    );
  }
}

/** Null for what is no answer of the server. */
export function grpcCodeOf(error: unknown): number | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

export function rootOf(error: unknown): Error {
  let at = error instanceof Error ? error : new Error(String(error));
  while (at.cause instanceof Error) at = at.cause;
  return at;
}

type Place = Pick<TemporalReach, 'client' | 'address' | 'namespace' | 'taskQueue'>;

async function explain(error: unknown, call: Call<unknown>, place: Place): Promise<RolloutError> {
  if (error instanceof RolloutError) return error;
  const { what, answeredBy } = call;
  const { message } = rootOf(error);
  const fail = (kind: RolloutError['kind'], text: string): RolloutError =>
    new RolloutError(kind, text, { cause: error });
  const unreachable = (why: string): RolloutError =>
    fail('unreachable', `${what} failed: Temporal at ${place.address} ${why}. Check the server, then try again.`);
  if ((error as Error).name === 'NamespaceNotFoundError') {
    return unreachable(`has no namespace "${place.namespace}"; correct temporal.namespace, or create it`);
  }
  const noWorker = async (workflow: string): Promise<RolloutError> =>
    fail('no-worker', (await sayFailing(call.what, workflow, place)) ?? sayNoWorker(what, place));
  if (givenBack.test(message))
    return fail(
      'unreachable',
      (await sayFailing(what, answeredBy, place)) ??
        `${what} was not taken: Temporal gave it back each time (${message}). Send it again; if it stays so, look at the worker's log.`,
    );
  switch (grpcCodeOf(error) ?? 0) {
    case grpcCode.unavailable:
      return unreachable(`cannot be reached (${message})`);
    case grpcCode.unauthenticated:
    case grpcCode.permissionDenied:
      return unreachable(`does not let us in (${message}); check apiKey and tls`);
    case grpcCode.resourceExhausted:
      return unreachable(`is too busy (${message})`);
    case grpcCode.failedPrecondition:
      return answeredBy === undefined ? fail('refused', `${what} failed: ${message}`) : noWorker(answeredBy);
    case grpcCode.deadlineExceeded:
    case grpcCode.cancelled:
      return (await isServing(place)) && answeredBy !== undefined
        ? noWorker(answeredBy)
        : unreachable(`did not answer within ${call.limitMs / 1_000} s`);
    case grpcCode.notFound:
      return fail('not-found', `${what} failed: ${message}`);
    default:
      return (error as Error).name === 'WorkflowNotFoundError'
        ? gone(error as Error, what)
        : fail('refused', `${what} failed: ${message}`);
  }
}

/** The server says the same of what never was and of what has ended, but for the words. */
function gone(error: Error, what: string): RolloutError {
  return error.message.includes('already completed')
    ? new RolloutError('ended', `${what} failed: the rollout has ended. See how: holdpoint report`, { cause: error })
    : new RolloutError('not-found', `${what} failed: ${error.message}`, { cause: error });
}

const sayNoWorker = (what: string, { address, namespace, taskQueue }: Place): string =>
  `${what} failed: Temporal at ${address} answers, but no worker on task queue ${taskQueue} (namespace ${namespace}) does. Start one: holdpoint worker`;

async function sayFailing(
  what: string,
  workflow: string | undefined,
  { client, namespace, taskQueue }: Place,
): Promise<string | null> {
  const failure = workflow === undefined ? null : await failingTask(client, namespace, workflow);
  return failure === null
    ? null
    : `${what} failed: the workers on task queue ${taskQueue} cannot go on with ${workflow} (${failure}). Start the version of the worker that it began with: Temporal tries it again within ten minutes. The log of these workers says more.`;
}

async function isServing({ client, namespace }: Place): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + 2_000, () => client.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  }
}
