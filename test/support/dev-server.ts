/** A Temporal dev server as a process of its own: for tests that must not share the SDK's runtime with it, or stop it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { freePort } from './free-port.js';

export interface DevServer {
  /** `host:port` */
  readonly address: string;
  /** Such as SIGSTOP: then it takes connections and answers nothing. */
  signal(name: NodeJS.Signals): void;
  /** Kills it; with `SIGTERM` it may shut down in its own way. */
  stop(name?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface DevServerOptions {
  readonly port?: number;
  /** Keeps what was there before; left out: in memory. */
  readonly file?: string;
  /** Such as `history.maximumSignalsPerExecution=2`. */
  readonly dynamicConfig?: readonly string[];
}

export async function openDevServer({ port, file, dynamicConfig = [] }: DevServerOptions = {}): Promise<DevServer> {
  const at = port ?? (await freePort());
  const child = spawn(
    inject('temporalPath'),
    ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(at), '--log-level', 'never'].concat(
      file === undefined ? [] : ['--db-filename', file, '--sqlite-pragma', 'journal_mode=wal'],
      dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting]),
    ),
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const stop = async (name: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> => {
    child.kill(name);
    await ended;
  };
  while (!(await answers(at))) {
    if (child.exitCode !== null) throw new Error(`The Temporal dev server ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const address = `127.0.0.1:${at}`;
  // The port opens a moment before the server is healthy; the client asks again until it is.
  const connection = await Connection.connect({ address });
  await connection.close();
  return { address, signal: (name) => void child.kill(name), stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
