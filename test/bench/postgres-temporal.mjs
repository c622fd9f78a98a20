/**
 * Temporal Server on PostgreSQL, both started here in a folder of their own. What they need is named by the environment,
 * for neither comes with Holdpoint; docs/how-it-grows.md says how to get them.
 */
import { execFile } from 'node:child_process';
import { access, chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { ToolNotFoundError } from '#tools/find-tools.mjs';
import { holdProgram } from '../../dist/src/dev/held-process.js';
import { waitUntilReady } from '../../dist/src/dev/ready-process.js';
import { lowFreePorts } from './low-ports.mjs';

const run = promisify(execFile);

const wanted = {
  HOLDPOINT_TEMPORAL_SERVER: 'the program temporal-server, 1.32 or newer',
  HOLDPOINT_TEMPORAL_SQL_TOOL: 'the program temporal-sql-tool of the same version',
  HOLDPOINT_TEMPORAL_SCHEMA: "the folder schema/postgresql/v12 of that version's sources",
  HOLDPOINT_POSTGRES_BIN: 'the folder with initdb and postgres',
};

/** Throws with everything that is missing. */
async function readSetting() {
  const missing = [];
  for (const [name, what] of Object.entries(wanted)) {
    const there = await access(process.env[name] ?? '').then(
      () => true,
      () => false,
    );
    if (!there) missing.push(`  ${name}: ${what}${process.env[name] ? ` (${process.env[name]} is not there)` : ''}`);
  }
  if (missing.length > 0)
    throw new ToolNotFoundError(`Temporal on PostgreSQL needs in the environment:\n${missing.join('\n')}`);
  const { env } = process;
  return {
    serverPath: env.HOLDPOINT_TEMPORAL_SERVER,
    sqlTool: env.HOLDPOINT_TEMPORAL_SQL_TOOL,
    schema: env.HOLDPOINT_TEMPORAL_SCHEMA,
    bin: env.HOLDPOINT_POSTGRES_BIN,
  };
}

const databases = { temporal: 'temporal', temporal_visibility: 'visibility' };

export async function startPostgresTemporal(folder, { closers, serves }) {
  const setting = await readSetting();
  const [port, ...ports] = await lowFreePorts(10);
  const postgres = await startPostgres(folder, { bin: setting.bin, port, closers });
  const sql = (...args) =>
    run(setting.sqlTool, [
      '--plugin',
      'postgres12',
      '--ep',
      '127.0.0.1',
      '-p',
      String(port),
      '-u',
      'temporal',
      ...args,
    ]);
  for (const [database, schema] of Object.entries(databases)) {
    await sql('--db', database, 'create-database');
    await sql('--db', database, 'setup-schema', '-v', '0.0');
    await sql('--db', database, 'update-schema', '-d', join(setting.schema, schema, 'versioned'));
  }
  const config = join(folder.path, 'temporal-server.json');
  await writeFile(config, JSON.stringify(serverConfig(port, ports)));
  const server = await holdProgram({
    name: 'Temporal Server',
    path: setting.serverPath,
    args: ['--config-file', config, '--allow-no-auth', 'start'],
    logPath: folder.logPath('temporal-server'),
  });
  await closers.add(() => server.stop());
  const address = `127.0.0.1:${ports[0]}`;
  await waitUntilReady(server, () => serves(address));
  await registerNamespace(address);
  return { address, server, postgres };
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`. */
async function startPostgres(folder, { bin, port, closers }) {
  const data = join(folder.path, 'postgres');
  await mkdir(data, { mode: 0o700 });
  const user = process.getuid() === 0 ? await idsOf('postgres') : null;
  if (user !== null) {
    await chmod(folder.path, 0o711);
    await chown(data, user.uid, user.gid);
  }
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'temporal', '-A', 'trust', '-E', 'UTF8'], { ...user, cwd: '/' });
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${data}`,
    'max_connections=120',
  ];
  const child = await holdProgram({
    name: 'PostgreSQL',
    ...asUser(user, join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]),
    logPath: folder.logPath('postgres'),
  });
  await closers.add(() => child.stop());
  await waitUntilReady(child, () =>
    run(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).then(() => true),
  );
  return child;
}

const asUser = (user, path, args) =>
  user === null
    ? { path, args }
    : {
        path: 'setpriv',
        args: ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', path, ...args],
      };

async function idsOf(name) {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  );
  return { uid, gid };
}

function serverConfig(databasePort, [frontend, http, matching, history, worker, ...membership]) {
  const sql = (databaseName, maxConns) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${databasePort}`,
      connectProtocol: 'tcp',
      user: 'temporal',
      maxConns,
      maxIdleConns: maxConns,
    },
  });
  const service = (grpcPort, index, more = {}) => ({
    rpc: { grpcPort, membershipPort: membership[index], bindOnLocalHost: true, ...more },
  });
  const name = 'active';
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'main',
      visibilityStore: 'visibility',
      numHistoryShards: 16,
      datastores: { main: sql('temporal', 40), visibility: sql('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: service(frontend, 0, { httpPort: http }),
      matching: service(matching, 1),
      history: service(history, 2),
      worker: service(worker, 3),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: name,
      currentClusterName: name,
      clusterInformation: {
        [name]: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${frontend}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}

const day = 86_400;

/** The server learns of a new namespace some seconds after it was made. */
async function registerNamespace(address) {
  const connection = await Connection.connect({ address });
  try {
    const retention = { seconds: day };
    await connection.workflowService.registerNamespace({
      namespace: 'default',
      workflowExecutionRetentionPeriod: retention,
    });
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const found = await connection.operatorService.listSearchAttributes({ namespace: 'default' }).catch(() => null);
      if (found !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error('The namespace default was registered, but the server does not know it after 30 s.');
  } finally {
    await connection.close();
  }
}
