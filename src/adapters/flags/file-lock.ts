/** A lock between processes: a file beside the document with its holder's pid, start time and a one-second lease. */
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { AdapterError } from '../adapter-error.js';

interface Holder {
  readonly id: string;
  readonly pid: number;
  /** Clock ticks since boot at which the process began; null where /proc does not tell. Tells a reused pid apart. */
  readonly startedAt: string | null;
  /** Epoch milliseconds. */
  readonly leaseUntilMs: number;
}

export interface FileLock {
  /** Still ours? A writer asks right before its rename, so that a writer whose lock was broken never lands. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const leaseMs = 1_000;
const retryMs = 5;

/** @param patienceMs - how long a live holder is respected. After it `breakIt` takes the lock, else `AdapterError`. */
export async function lockFile(
  path: string,
  {
    patienceMs,
    breakIt,
    adapter,
  }: { readonly patienceMs: number; readonly breakIt: boolean; readonly adapter: string },
): Promise<FileLock> {
  const id = randomUUID();
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (await tryTake(path, id)) return heldLock(path, id);
    const holder = await readHolder(path);
    const late = Date.now() >= deadline;
    if (holder !== null && (isDead(holder) || (late && breakIt))) {
      await removeIf(path, holder.id);
      continue;
    }
    if (late) {
      const who = holder === null ? 'somebody' : `process ${holder.pid}`;
      throw new AdapterError(
        adapter,
        'locked',
        `${path} has been held by ${who} for over ${patienceMs} ms; it will be tried again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** `link` makes the lock appear whole or not at all; `open` with `wx` would show an empty file first. */
async function tryTake(path: string, id: string): Promise<boolean> {
  const mine = `${path}.${id}`;
  const holder: Holder = { id, pid: process.pid, startedAt: startOf(process.pid), leaseUntilMs: Date.now() + leaseMs };
  await writeFile(mine, JSON.stringify(holder));
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isDead(holder: Holder): boolean {
  if (Date.now() > holder.leaseUntilMs) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return holder.startedAt !== null && startOf(holder.pid) !== holder.startedAt;
}

function startOf(pid: number): string | null {
  try {
    // Field 22; the command in field 2 may hold spaces, so count from behind its closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function removeIf(path: string, id: string): Promise<void> {
  if ((await readHolder(path))?.id === id) await rm(path, { force: true });
}

function heldLock(path: string, id: string): FileLock {
  return {
    isHeld: async () => (await readHolder(path))?.id === id,
    release: () => removeIf(path, id),
  };
}
