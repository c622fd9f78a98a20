/** One fetch at a time between processes: a folder is the lock, its holder's pid inside. A dead holder's is taken over. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @template T @param {string} path @param {(line: string) => void} onProgress @param {() => Promise<T>} work @returns {Promise<T>} */
export async function withFolderLock(path, onProgress, work) {
  let told = false;
  while (!(await take(path))) {
    if (await isDead(path)) {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    if (!told) onProgress('another process is fetching it; waiting');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
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

/** A folder without a pid is being made this instant; it is dead only if that stays so. */
async function isDead(path) {
  const read = () => readFile(join(path, 'pid'), 'utf8').catch(() => '');
  let pid = await read();
  if (pid === '') {
    await new Promise((resolve) => setTimeout(resolve, 500));
    pid = await read();
  }
  if (pid === '') return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
