/** Who may ask: an optional token, and the other origins whose pages may. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Access {
  /** Null: everybody may ask. */
  readonly token: string | null;
  /** Origins whose pages may ask; `*` is all of them. Empty: none but our own. */
  readonly cors: readonly string[];
}

/** 401: nobody said who they are; 403: what they said is not it. Null: come in. */
export function refusalOf({ headers }: IncomingMessage, token: string | null): 401 | 403 | null {
  if (token === null) return null;
  const key = headers['x-api-key'];
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? (typeof key === 'string' ? key : null);
  if (given === null) return 401;
  return timingSafeEqual(digest(given), digest(token)) ? null : 403;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Tells browsers what pages of other origins may do. */
export function allowOrigins(request: IncomingMessage, response: ServerResponse, cors: readonly string[]): void {
  if (cors.length === 0) return;
  const { origin } = request.headers;
  const all = cors.includes('*');
  if (!all) response.setHeader('vary', 'Origin');
  if (origin === undefined || !(all || cors.includes(origin))) return;
  response.setHeader('access-control-allow-origin', all ? '*' : origin);
  response.setHeader('access-control-expose-headers', 'ETag');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, HEAD, POST');
  response.setHeader('access-control-allow-headers', 'Authorization, Content-Type, If-None-Match, X-API-Key');
  response.setHeader('access-control-max-age', '600');
}
