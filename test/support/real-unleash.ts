/** A real Unleash server on a real PostgreSQL, in a folder of their own, on free ports. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findTools } from '#tools/find-tools.mjs';
import { freePorts } from '../../src/dev/free-ports.js';
import { holdProgram, type HeldProcess } from '../../src/dev/held-process.js';
import { waitUntilReady } from '../../src/dev/ready-process.js';

const run = promisify(execFile);

export interface RealUnleash {
  readonly url: string;
  /** May do everything. */
  readonly token: string;
  /** Of an application in the environment `production`. */
  readonly clientToken: string;
  close(): Promise<void>;
}

export async function openRealUnleash(): Promise<RealUnleash> {
  const [postgres, unleash] = await findTools(['postgres', 'unleash-server'], {
    onProgress: (line) => console.error(line),
  });
  if (postgres === undefined || unleash === undefined) throw new Error('The tool finder answered too little.');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-unleash-')));
  const running: HeldProcess[] = [];
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    for (const child of running.toReversed()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [databasePort = 0, port = 0] = await freePorts(2);
    running.push(await startPostgres(folder, { program: postgres.path, port: databasePort }));
    const tokens = {
      admin: `*:*.${randomBytes(16).toString('hex')}`,
      client: `default:production.${randomBytes(16).toString('hex')}`,
    };
    const url = `http://127.0.0.1:${port}`;
    const server = await startUnleash(folder, { program: unleash.path, databasePort, url, tokens });
    running.push(server);
    void server.ended.then(async (how) => {
      if (!closing)
        console.error(`Unleash ended by itself: ${how}\n${(await readFile(server.logPath, 'utf8')).slice(-3_000)}`);
    });
    return { url, token: tokens.admin, clientToken: tokens.client, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Database {
  readonly program: string;
  readonly port: number;
}

async function startPostgres(folder: string, { program, port }: Database): Promise<HeldProcess> {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const user = await otherUser();
  const bin = await reachableBy(user, folder, dirname(await realpath(program)));
  if (user !== null) {
    await chmod(folder, 0o711);
    await chown(data, user.uid, user.gid);
  }
  const initdb = asUser(user, join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'unleash',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
  ]);
  await run(initdb.path, initdb.args, { cwd: '/' });
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'fsync=off'];
  const server = asUser(user, join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
  const child = await holdProgram({ name: 'PostgreSQL', ...server, logPath: join(folder, 'postgres.log') });
  // It makes no database of the user's name by itself, but comes with one called postgres.
  await waitUntilReady(child, () => takesConnections(port));
  return child;
}

interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as nobody. Null: as we are. */
async function otherUser(): Promise<UserIds | null> {
  if (process.getuid?.() !== 0) return null;
  const idOf = async (flag: string, name: string): Promise<number> => Number((await run('id', [flag, name])).stdout);
  const name = await idOf('-u', 'postgres').then(
    () => 'postgres',
    () => 'nobody',
  );
  return { uid: await idOf('-u', name), gid: await idOf('-g', name) };
}

const asUser = (user: UserIds | null, path: string, args: readonly string[]) =>
  user === null
    ? { path, args }
    : {
        path: 'setpriv',
        args: ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', path, ...args],
      };

/** A cache below a closed home folder is out of another user's reach; then the programs are copied. */
async function reachableBy(user: UserIds | null, folder: string, bin: string): Promise<string> {
  const look = asUser(user, 'test', ['-x', join(bin, 'postgres')]);
  const reachable = await run(look.path, look.args, { cwd: '/' }).then(
    () => true,
    () => false,
  );
  if (reachable) return bin;
  const copy = join(folder, 'programs');
  await cp(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function takesConnections(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

interface Unleash {
  readonly program: string;
  readonly databasePort: number;
  readonly url: string;
  readonly tokens: { readonly admin: string; readonly client: string };
}

async function startUnleash(folder: string, { program, databasePort, url, tokens }: Unleash): Promise<HeldProcess> {
  const settings = {
    DATABASE_URL: `postgres://unleash@127.0.0.1:${databasePort}/postgres`,
    DATABASE_SSL: 'false',
    INIT_ADMIN_API_TOKENS: tokens.admin,
    INIT_CLIENT_API_TOKENS: tokens.client,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: new URL(url).port,
    CHECK_VERSION: 'false',
    SEND_TELEMETRY: 'false',
    LOG_LEVEL: 'warn',
  };
  const child = await holdProgram({
    name: 'Unleash',
    path: 'env',
    args: [
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      process.execPath,
      await realpath(program),
    ],
    logPath: join(folder, 'unleash.log'),
  });
  await waitUntilReady(child, async () => (await fetch(`${url}/health`)).ok);
  return child;
}
