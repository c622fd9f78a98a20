/** The reporting service whose new code path is behind the flag: it plays a stranger and knows nothing of rollouts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { openFlagApp } from '../../flag-server/flag-app.js';
import { refusal, type Answer } from './answer.js';
import { openFaults } from './failure-knobs.js';
import { obeyFlag, type FlagChange } from './obeyed-flag.js';
import { operatorEndpoints } from './operator-endpoints.js';
import { openReports } from './reports.js';
import { pageFiles } from './page-files.js';
import { serveUser, type Service } from './served-request.js';
import { openSessions } from './sessions.js';
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
  /** Null: it is over. */
  readonly onProblem: (problem: string | null) => void;
}

export interface Target {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on this machine only: the knobs have no lock. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const service = await openService(options);
  const server = createServer((request, response) => {
    if (service.flagApp.handle(request, response)) return;
    answer(service, request)
      .catch(() => refusal(500, 'Something broke; try again.'))
      .then((what) => write(response, what))
      .catch(() => response.destroy());
  });
  const end = (): void => {
    service.flag.close();
    service.flagApp.close();
  };
  try {
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    end();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      end();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function openService(options: TargetOptions): Promise<Service> {
  const { flagKey, flagsPath: path, onChange, onProblem } = options;
  const reports = openReports();
  const sessions = openSessions(() => performance.now());
  const metrics = createTargetMetrics({
    environment: options.environment,
    service: options.service,
    flagKey,
    endpoints: userEndpoints,
    countDrafts: () => reports.drafts(),
    countSessions: () => sessions.count(),
  });
  // For browsers: the document, and each change of it pushed. What is wrong with it, the service's own client says.
  const flagApp = openFlagApp({ file: path, onProblem: () => {}, token: null, cors: [] });
  await flagApp.ready;
  return {
    flagKey,
    flag: await obeyFlag({ path, key: flagKey, onChange, onProblem, onExposure: metrics.countExposure }),
    flagApp,
    faults: openFaults(),
    reports,
    sessions,
    metrics,
  };
}

async function answer(service: Service, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const operator = operatorEndpoints.get(`${method} ${path}`) ?? pageFiles.get(`${method} ${path}`);
  if (operator !== undefined) return operator(service, request);
  const template = service.metrics.endpointOf(path);
  const endpoint = userEndpoints.find((one) => one.method === method && one.endpoint === template);
  if (endpoint === undefined) return refusal(404, `There is no ${method} ${path.slice(0, 100)}.`);
  const id = path.split('/')[template.split('/').indexOf(':id')] ?? '';
  return serveUser(service, request, { endpoint, id, query: new URLSearchParams(at < 0 ? '' : url.slice(at)) });
}

function write(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response.writeHead(status, {
    ...(type === '' ? {} : { 'content-type': type }),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}
