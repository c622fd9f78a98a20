/** How this server answers: JSON, an entity tag where the same may be asked for again, problems that say what is wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function answerJson({ response }: Exchange, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Only after it was read, or while nothing of it will be: then the connection must not be used again. */
export function answerAndClose(exchange: Exchange, status: number, body: unknown): void {
  exchange.response.setHeader('connection', 'close');
  answerJson(exchange, status, body);
}

export function answerProblem({ response }: Exchange, status: number, title: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ type: 'about:blank', title, status }));
}

export interface Tagged {
  readonly text: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/** 304 without a body where the asker names the tag. */
export function answerTagged({ request, response }: Exchange, { text, etag, cacheControl }: Tagged): void {
  const headers = { etag, 'cache-control': cacheControl };
  if (names(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const bytes = Buffer.from(text);
  response.writeHead(200, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** A list of tags, weak or strong: proxies that compress make them weak. */
const names = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, ''))) === true;
