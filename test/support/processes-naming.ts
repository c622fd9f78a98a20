/** What still runs on this machine: every process whose command line names a folder of the test's own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';

const run = promisify(execFile);

/** Command lines, shortened; the test's own look is not among them. */
export async function processesNaming(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 16 * 1_048_576 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => line.trim().slice(0, 300));
}

/** Waits for the last of them to end. */
export const noneNaming = (folder: string): Promise<void> =>
  vi.waitFor(async () => expect(await processesNaming(folder)).toEqual([]), { timeout: 20_000, interval: 100 });
