/** The Temporal server that `bench:scale` runs against: the dev server on a file or in memory, one on PostgreSQL, or somebody's. */
import { Connection } from '@temporalio/client';
import { readFile } from 'node:fs/promises';
import { freePorts } from '../../dist/src/dev/free-ports.js';
import { holdProgram } from '../../dist/src/dev/held-process.js';
import { startTemporal } from '../../dist/src/dev/temporal-server.js';
import { waitUntilReady } from '../../dist/src/dev/ready-process.js';
import { startPostgresTemporal } from './postgres-temporal.mjs';

const servers = { file: onFile, memory: inMemory, postgres: onPostgres };

export const serverKinds = Object.keys(servers);

/** Opens to `{ address, pids, storePids? }`: functions that name the processes of the server now, and of its database; none for one that runs elsewhere. */
export const scaleServer = (kind, address) =>
  address === null ? servers[kind] : () => Promise.resolve({ address, pids: () => Promise.resolve([]) });

async function onFile(folder, closers) {
  const server = await startTemporal(folder, (line) => console.error(line));
  await closers.add(() => server.process.stop());
  return { address: server.address, pids: () => childrenOf(server.process.pid) };
}

async function inMemory(folder, closers) {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const child = await holdProgram({
    name: "Temporal's dev server",
    path: process.env.HOLDPOINT_TEMPORAL,
    args: ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    logPath: folder.logPath('temporal'),
  });
  await closers.add(() => child.stop());
  await waitUntilReady(child, () => serves(address));
  return { address, pids: () => childrenOf(child.pid) };
}

async function onPostgres(folder, closers) {
  const { address, server, postgres } = await startPostgresTemporal(folder, { closers, serves });
  const storePids = async () => {
    const [main] = await childrenOf(postgres.pid);
    return [main, ...(await childrenOf(main))];
  };
  return { address, pids: () => childrenOf(server.pid), storePids };
}

async function serves(address) {
  const connection = await Connection.connect({ address, connectTimeout: '1 s' });
  try {
    await connection.workflowService.getSystemInfo({});
    return true;
  } finally {
    await connection.close();
  }
}

/** A held program runs under a supervisor. */
async function childrenOf(pid) {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}
