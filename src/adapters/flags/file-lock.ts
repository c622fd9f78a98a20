/** A lock between processes: a symbolic link beside the document, whose text is its holder and a one-second lease. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readlink, symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdapterError } from '../adapter-error.js';

interface Holder {
  readonly id: string;
  /** A pid means nothing on another host or in another container. */
  readonly host: string;
  readonly pid: number;
  /** Clock ticks since boot at which the process began; null where /proc does not tell. Tells a reused pid apart. */
  readonly startedAt: string | null;
  /** Epoch milliseconds. */
  readonly leaseUntilMs: number;
}

export interface FileLock {
  readonly id: string;
  /** Still ours? Asked right before the rename, see `docs/decisions/file-store-lock.md`. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly adapter: string;
  readonly patienceMs: number;
  /**
   * True: takes the lock from a live holder that has been seen holding it for that long; each holder is given the same
   * time, or two that break would break each other for ever. False: an `AdapterError` after that long in all.
   */
  readonly breakIt: boolean;
}

const leaseMs = 1_000;
const retryMs = 5;

export async function lockFile(path: string, { adapter, patienceMs, breakIt }: LockOptions): Promise<FileLock> {
  const id = randomUUID();
  const begunMs = performance.now();
  const seen = { text: '', sinceMs: begunMs };
  while (!(await tryTake(path, id))) {
    const text = await readLock(path);
    if (text === null) continue;
    const nowMs = performance.now();
    if (text !== seen.text) Object.assign(seen, { text, sinceMs: nowMs });
    const holder = parseHolder(text);
    const late = nowMs - (breakIt ? seen.sinceMs : begunMs) >= patienceMs;
    if (holder === null || isOver(holder) || (late && breakIt)) await removeIf(path, text);
    else if (late) throw heldTooLong(adapter, path, { holder, patienceMs });
    else await sleep(retryMs * (0.5 + Math.random()));
  }
  const isHeld = async (): Promise<boolean> => parseHolder(await readLock(path))?.id === id;
  return {
    id,
    isHeld,
    // What cannot be removed ends with its lease, so it is no reason to fail a write that has landed.
    release: async () => {
      if (await isHeld().catch(() => false)) await unlink(path).catch(() => undefined);
    },
  };
}

function heldTooLong(
  adapter: string,
  path: string,
  { holder, patienceMs }: { readonly holder: Holder; readonly patienceMs: number },
): AdapterError {
  const who = `process ${holder.pid} on ${holder.host}`;
  return new AdapterError(
    adapter,
    'locked',
    `The lock ${path} has been held by ${who} for over ${Math.round(patienceMs)} ms; nothing was written. Try again; if it stays so, see what that process does.`,
  );
}

/** One system call makes the link with its text, so no half-written lock is ever seen, not even after a power cut. */
async function tryTake(path: string, id: string): Promise<boolean> {
  const leaseUntilMs = Date.now() + leaseMs;
  const me: Holder = { id, host: hostname(), pid: process.pid, startedAt: startOf(process.pid), leaseUntilMs };
  try {
    await symlink(JSON.stringify(me), path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Null when there is no lock (any more). Something that is no link reads as empty: nobody's. */
async function readLock(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'EINVAL') return '';
    throw error;
  }
}

/** Null when it was not made by this code: nobody can be asked, so nobody holds it. */
function parseHolder(text: string | null): Holder | null {
  try {
    const { id, host, pid, startedAt, leaseUntilMs } = JSON.parse(text ?? '') as Partial<Holder>;
    const known = typeof id === 'string' && typeof host === 'string' && typeof leaseUntilMs === 'number';
    return known && Number.isSafeInteger(pid)
      ? { id, host, pid: pid as number, startedAt: startedAt ?? null, leaseUntilMs }
      : null;
  } catch {
    return null;
  }
}

function isOver({ host, pid, startedAt, leaseUntilMs }: Holder): boolean {
  const leftMs = leaseUntilMs - Date.now();
  // Far more than a lease can be: a clock was set back since.
  if (leftMs <= 0 || leftMs > 10 * leaseMs) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return startedAt !== null && startOf(pid) !== startedAt;
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

/** May still hit a lock taken between the two calls; its holder then notices and takes another. */
async function removeIf(path: string, text: string): Promise<void> {
  if ((await readLock(path)) !== text) return;
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
