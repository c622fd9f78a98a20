/** The reporting service whose new code path is behind the flag: it plays a stranger and knows nothing of rollouts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { refusal, type Answer } from './answer.js';
import { openFaults } from './failure-knobs.js';
import { followFlag, type FlagChange } from './followed-flag.js';
import { operatorEndpoints } from './operator-endpoints.js';
import { openReports } from './reports.js';
import { openSessions } from './sessions.js';
import { serveUser, type Matched, type Service } from './served-request.js';
import { createTargetMetrics } from './target-metrics.js';
import { userEndpoints } from './user-endpoints.js';

export interface TargetOptions {
  /** The flag document it obeys. */
  readonly flagsPath: string;
  readonly flagKey: string;
  /** 0: a free one. */
  readonly port: number;
  /** Labels on every series. */
  readonly environment: string;
  readonly service: string;
  readonly onChange: (change: FlagChange) => void;
  readonly onProblem: (problem: string) => void;
}

export interface Target {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on this machine only: the knobs have no lock. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const { flagKey, flagsPath: path, onChange, onProblem, environment } = options;
  const reports = openReports();
  const sessions = openSessions(() => performance.now());
  const service: Service = {
    flagKey,
    flag: followFlag({ path, key: flagKey, onChange, onProblem }),
    faults: openFaults(),
    reports,
    sessions,
    metrics: createTargetMetrics({
      environment,
      service: options.service,
      flagKey,
      endpoints: userEndpoints,
      countDrafts: () => reports.drafts(),
      countSessions: () => sessions.count(),
    }),
  };
  const server = createServer((request, response) => {
    answer(service, request)
      .catch(() => refusal(500, 'Something broke; try again.'))
      .then((what) => write(response, what))
      .catch(() => response.destroy());
  });
  try {
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    service.flag.close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      service.flag.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(service: Service, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const operator = operatorEndpoints.get(`${method} ${path}`);
  if (operator !== undefined) return operator(service, request);
  const matched = findEndpoint(method, path, new URLSearchParams(at < 0 ? '' : url.slice(at)));
  return matched === null
    ? refusal(404, `There is no ${method} ${path.slice(0, 100)}.`)
    : serveUser(service, request, matched);
}

function findEndpoint(method: string, path: string, query: URLSearchParams): Matched | null {
  const parts = path.split('/');
  for (const endpoint of userEndpoints) {
    const wanted = endpoint.endpoint.split('/');
    if (endpoint.method !== method || wanted.length !== parts.length) continue;
    if (!wanted.every((part, index) => part === ':id' || part === parts[index])) continue;
    return { endpoint, id: parts[wanted.indexOf(':id')] ?? '', query };
  }
  return null;
}

function write(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response.writeHead(status, {
    ...(type === '' ? {} : { 'content-type': type }),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}
