/** A small service to smoke-test: reports are made, read and removed, with a token. It can be told to misbehave. */
import { answerJson, openLocalServer, type LocalServer, type SeenRequest } from './local-server.js';

export interface ReportsService extends LocalServer {
  /** Reports that were made and not removed. */
  readonly open: ReadonlyMap<number, Record<string, unknown>>;
}

export const token = 'tok-123456';

export async function openReportsService(): Promise<ReportsService> {
  const open = new Map<number, Record<string, unknown>>();
  let next = 41;
  const server = await openLocalServer((response, { method, path, headers, body }: SeenRequest) => {
    const id = Number(/^\/reports\/(\d+)/.exec(path)?.[1]);
    if (path === '/slow') return;
    if (path === '/moved') return void response.writeHead(302, { location: '/healthz' }).end();
    if (path === '/page') return void response.writeHead(200).end('<html>\nwelcome</html>');
    if (path === '/echo') return answerJson(response, { headers, body });
    if (headers.authorization !== `Bearer ${token}`) return answerJson(response, { error: 'who are you?' }, 401);
    if (method === 'POST' && path === '/reports') {
      next += 1;
      const report = { ...(JSON.parse(body) as object), id: next, state: 'draft', tags: ['a', 'b'], 'a/b': { '~': 7 } };
      open.set(next, report);
      return answerJson(response, report, 201);
    }
    const report = open.get(id);
    if (report === undefined) return answerJson(response, { error: 'no such report' }, 404);
    if (method === 'DELETE') {
      open.delete(id);
      return void response.writeHead(204).end();
    }
    answerJson(response, report);
  });
  return { ...server, open };
}
