/** Temporal's development server with its UI, its state in one SQLite file. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { findTool } from '#tools/find-tools.mjs';
import { withFreePorts } from './free-ports.js';
import { holdProgram, type HeldProcess } from './held-process.js';
import type { MachineFolder } from './machine-folder.js';
import { waitUntilReady } from './ready-process.js';

export interface TemporalServer {
  readonly process: HeldProcess;
  /** `host:port` */
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
}

const namespace = 'default';

export async function startTemporal(
  folder: MachineFolder,
  onProgress: (line: string) => void,
): Promise<TemporalServer> {
  const { path } = await findTool('temporal', { onProgress });
  return withFreePorts(4, async ([port, uiPort, httpPort, metricsPort]) => {
    const address = `127.0.0.1:${port}`;
    const child = await holdProgram({
      name: "Temporal's dev server",
      path,
      args: [
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--log-level',
        'error',
        '--port',
        String(port),
        '--ui-port',
        String(uiPort),
        '--http-port',
        String(httpPort),
        '--metrics-port',
        String(metricsPort),
        '--db-filename',
        join(folder.path, 'temporal.db'),
        // The file's default journal collapses under many rollouts.
        '--sqlite-pragma',
        'journal_mode=wal',
        '--sqlite-pragma',
        'synchronous=NORMAL',
      ],
      logPath: folder.logPath('temporal'),
    });
    await waitUntilReady(child, () => isServing(address, Number(port)));
    return { process: child, address, namespace, uiUrl: `http://127.0.0.1:${uiPort}` };
  });
}

/** Knocks first: a refused gRPC connection backs off for a whole second. */
async function isServing(address: string, port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
  const connection = await Connection.connect({ address, connectTimeout: '2 s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}
