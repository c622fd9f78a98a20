/** The flag app on a port of its own, with `/healthz` beside it. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openFlagApp, type FlagApp, type FlagAppOptions } from './flag-app.js';

export interface ServeOptions extends FlagAppOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface FlagServer {
  readonly url: string;
  readonly app: FlagApp;
  readonly close: () => Promise<void>;
}

/** Rejects when the port cannot be had. */
export async function serveFlags({ host, port, ...options }: ServeOptions): Promise<FlagServer> {
  const app = openFlagApp(options);
  const server = createServer((request, response) => {
    if (app.handle(request, response)) return;
    if (request.method === 'GET' && request.url === '/healthz') answerHealth(app, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    app.close();
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    app,
    close: () =>
      new Promise((resolve) => {
        app.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** 503 until there is a document. A problem after that leaves the last good one served, and the answer says so. */
function answerHealth(app: FlagApp, response: ServerResponse): void {
  const { loaded, problem, streams } = app.status();
  response.writeHead(loaded ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify({ loaded, problem, streams })}\n`);
}
