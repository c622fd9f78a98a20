/** A small flag service of somebody else's, with or without ETags, whose flags look nothing like ours. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HttpMapping } from '../../src/adapters/flags/http/http-mapping.js';
import type { OtherPeople } from './contracts/flag-store-contract.js';
import { answerJson, openLocalServer, type LocalServer, type SeenRequest } from './local-server.js';

export interface FlagService extends LocalServer {
  /** By key, as the service keeps them. */
  readonly flags: Map<string, unknown>;
  readonly others: OtherPeople;
  /** Before each answer; true: it has answered already. */
  meanwhile: ((request: SeenRequest, response: ServerResponse) => boolean) | null;
}

export const serviceToken = 'token-of-the-service';

/** Everything kept, compared by ETag. */
export const mappingOf = (url: string, changes: Partial<HttpMapping> = {}): HttpMapping => ({
  url,
  headers: { authorization: `Bearer ${serviceToken}` },
  timeoutMs: 1_000,
  flag: '/flags/{key}',
  fields: {
    percent: '/rollout/share',
    fence: '/notes/fence',
    owner: '/notes/owner',
    safeState: '/notes/safe',
    breakGlass: '/notes/glass',
    by: '/notes/by',
    reason: '/notes/reason',
  },
  percentAs: 'percent',
  percentStep: 0.001,
  revision: { header: 'etag' },
  write: { method: 'PUT', path: '/flags/{key}', body: 'whole', compare: { header: 'if-match' }, conflict: [409, 412] },
  create: null,
  list: { path: '/flags', items: '/flags', key: '/name' },
  ...changes,
});

export async function openFlagService({ etags = true } = {}): Promise<FlagService> {
  const flags = new Map<string, unknown>();
  const server = await openLocalServer((response, request) => {
    if (service.meanwhile?.(request, response) === true) return;
    if (request.headers.authorization !== `Bearer ${serviceToken}`)
      return answerJson(response, { error: 'who are you?' }, 401);
    answer({ flags, etags }, request, response);
  });
  const edit = async (key: string, share: unknown): Promise<void> => {
    await Promise.resolve();
    flags.set(key, { ...(flags.get(key) as object | undefined), rollout: { share } });
  };
  const service: FlagService = Object.assign(server, {
    flags,
    meanwhile: null,
    others: {
      setPercent: edit,
      switchOff: (key: string) => edit(key, 0),
      spoilRule: (key: string) => edit(key, 'mondays only'),
    },
  });
  return service;
}

interface Shelf {
  readonly flags: Map<string, unknown>;
  readonly etags: boolean;
}

const tagOf = (flag: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(flag)).digest('hex').slice(0, 16)}"`;

function answer({ flags, etags }: Shelf, { method, path, headers, body }: SeenRequest, response: ServerResponse): void {
  if (method === 'GET' && path === '/flags')
    return answerJson(response, { flags: [...flags.keys()].map((name) => ({ name })) });
  const key = decodeURIComponent(path.slice('/flags/'.length));
  const flag = flags.get(key);
  if (method === 'GET') {
    if (flag === undefined) return answerJson(response, { error: 'no such flag' }, 404);
    if (etags) response.setHeader('etag', tagOf(flag));
    return answerJson(response, flag);
  }
  const wanted = headers['if-match'];
  const wrong = wanted !== undefined && (flag === undefined || tagOf(flag) !== wanted);
  if (etags && (wrong || (headers['if-none-match'] === '*' && flag !== undefined)))
    return answerJson(response, { error: 'changed since' }, 412);
  flags.set(key, JSON.parse(body));
  return answerJson(response, {}, flag === undefined ? 201 : 200);
}
