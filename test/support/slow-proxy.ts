/** A TCP proxy that lets every byte wait, in both directions. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowProxy {
  /** `host:port` */
  readonly address: string;
  close(): Promise<void>;
}

export async function openSlowProxy(target: string, delayMs: number): Promise<SlowProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  const late = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('data', (bytes) => setTimeout(() => to.write(bytes), delayMs).unref());
    from.on('close', () => setTimeout(() => to.destroy(), delayMs).unref());
  };
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    late(near, far);
    late(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
