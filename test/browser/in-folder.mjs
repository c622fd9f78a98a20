/** What a browser script does in a temporary folder: whatever it opened is closed, and an error is said. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @param {{ name: string, images: string | null }} options
 * @param {(dir: string, closers: (() => unknown)[]) => Promise<unknown>} work
 * @returns {Promise<number>} exit code
 */
export async function inFolder({ name, images }, work) {
  const dir = await mkdtemp(join(tmpdir(), `holdpoint-${name}-`));
  const closers = [() => rm(dir, { recursive: true, force: true })];
  try {
    if (images !== null) await mkdir(images, { recursive: true });
    await work(dir, closers);
    return 0;
  } catch (error) {
    console.error(error);
    return 1;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
