/**
 * One fetch at a time between processes: a folder is the lock, its holder's pid inside. Its holder touches it every
 * second; one that is not touched, or whose process is gone, is taken over.
 */
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const touchMs = 1_000;
/** A reused pid looks alive, a sleeping machine looks dead: long enough for the one, short enough for the other. */
const silentMs = 30_000;

/** @template T @param {string} path @param {(line: string) => void} onProgress @param {() => Promise<T>} work @returns {Promise<T>} */
export async function withFolderLock(path, onProgress, work) {
  let told = false;
  while (!(await take(path))) {
    const holder = await deadHolder(path);
    if (holder !== null) {
      await takeAway(path, holder);
      continue;
    }
    if (!told) onProgress('another process is fetching it; waiting');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const touching = setInterval(() => {
    const now = new Date();
    void utimes(path, now, now).catch(() => undefined);
  }, touchMs);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await rm(path, { recursive: true, force: true });
  }
}

async function take(path) {
  try {
    await mkdir(path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(join(path, 'pid'), String(process.pid));
  return true;
}

/** By a rename, so that of several who find it dead only one takes it away; put back if somebody else was faster. */
async function takeAway(path, holder) {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  if ((await holderIn(aside)) !== holder) await rename(aside, path).catch(() => undefined);
  await rm(aside, { recursive: true, force: true });
}

/** Null while it may be alive; else what its pid file says. */
async function deadHolder(path) {
  const touchedMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  if (touchedMs === null) return null;
  const holder = await holderIn(path);
  if (Math.abs(Date.now() - touchedMs) > silentMs) return holder;
  // A folder without a pid is being made this instant.
  if (!/^[1-9]\d*$/.test(holder)) return null;
  try {
    process.kill(Number(holder), 0);
    return null;
  } catch (error) {
    return error.code === 'ESRCH' ? holder : null;
  }
}

const holderIn = (path) => readFile(join(path, 'pid'), 'utf8').catch(() => '');
