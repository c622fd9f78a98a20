/** Where one machine keeps its state, logs and addresses; one machine at a time. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface MachineFolder {
  readonly path: string;
  readonly flagsPath: string;
  readonly configPath: string;
  readonly archivePath: string;
  logPath(name: string): string;
  /** Notes a child: whoever takes the folder after a sudden end of ours waits until it is gone. */
  noteChild(pid: number): Promise<void>;
  release(): Promise<void>;
}

/** Somebody else uses the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

interface Holder {
  readonly pid: number;
  readonly children: readonly number[];
}

/** Throws `FolderInUseError` while another machine runs there. */
export async function takeFolder(dir: string): Promise<MachineFolder> {
  const path = resolve(dir);
  const lockPath = join(path, 'machine.lock');
  for (const folder of ['logs', 'archive', 'smoke']) await mkdir(join(path, folder), { recursive: true });
  const children: number[] = [];
  while (!(await note(lockPath, { pid: process.pid, children }, 'wx'))) await clearDead(lockPath);
  const flagsPath = join(path, 'flags.json');
  await writeFile(flagsPath, '{\n  "flags": {}\n}\n', { flag: 'wx' }).catch(existsAlready);
  return {
    path,
    flagsPath,
    configPath: join(path, 'holdpoint.config.yaml'),
    archivePath: join(path, 'archive'),
    logPath: (name) => join(path, 'logs', `${name}.log`),
    noteChild: async (pid) => {
      children.push(pid);
      await note(lockPath, { pid: process.pid, children }, 'w');
    },
    release: () => rm(lockPath, { force: true }),
  };
}

function existsAlready(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** False when the file is there already and must not be. */
async function note(path: string, holder: Holder, flag: 'w' | 'wx'): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(holder), { flag });
    return true;
  } catch (error) {
    existsAlready(error as NodeJS.ErrnoException);
    return false;
  }
}

/** The children of a holder that was killed end by themselves within a moment. */
const patienceMs = 10_000;

async function clearDead(lockPath: string): Promise<void> {
  const { pid, children } = await readHolder(lockPath);
  if (pid !== process.pid && isAlive(pid)) {
    throw new FolderInUseError(
      `Another process (${pid}) runs everything in this folder already. Stop it, give another --dir, or remove ${lockPath} if that process is something else.`,
    );
  }
  const endsAt = performance.now() + patienceMs;
  while (children.some(isAlive) && performance.now() < endsAt) await sleep(50);
  await rm(lockPath, { force: true });
}

/** A lock that is being written this instant reads as nothing; then a moment later it does not. */
async function readHolder(lockPath: string): Promise<Holder> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    try {
      return JSON.parse(await readFile(lockPath, 'utf8')) as Holder;
    } catch {
      await sleep(50);
    }
  }
  return { pid: 0, children: [] };
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
