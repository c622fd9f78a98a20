/** Free ports below 32,768: Temporal keeps its members' ports in a `smallint` of PostgreSQL. */
import { once } from 'node:events';
import { createServer } from 'node:net';

const least = 10_000;
const most = 32_000;

export async function lowFreePorts(count) {
  const found = new Set();
  while (found.size < count) {
    const port = least + Math.floor(Math.random() * (most - least));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
