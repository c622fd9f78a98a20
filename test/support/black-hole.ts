/** Addresses that keep a caller waiting: one that swallows packets, one that takes connections and says nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface BlackHole {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  close(): Promise<void>;
}

const listen = `require('node:net').createServer(() => {}).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); });`;

/** A listener that is stopped: the system takes connections for it. With `full`, its queue has no more room: packets are dropped. */
export async function openBlackHole({ full }: { readonly full: boolean }): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const port = Number(line);
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  while (full && fillers.length < 4) fillers.push(connect(port, '127.0.0.1').on('error', () => undefined));
  if (full) await Promise.all(fillers.slice(0, 1).map((socket) => once(socket, 'connect')));
  return {
    port,
    address: `127.0.0.1:${port}`,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
