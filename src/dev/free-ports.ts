/** Ports that nobody listens on. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** All are held at once before any is given back, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function listen(): Promise<Server> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const attempts = 3;

/** Between finding a port and using it somebody else may take it; then `work` gets new ones. */
export async function withFreePorts<T>(count: number, work: (ports: readonly number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(await freePorts(count));
    } catch (error) {
      const taken = error instanceof Error && /address already in use/i.test(error.message);
      if (!taken || attempt >= attempts) throw error;
    }
  }
}
