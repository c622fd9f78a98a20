/** `npm run demo`: reads its options, tells the story on stdout, and ends with an exit code. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStopSignal } from '../dev/stop-signal.js';
import { runDemo } from './run-demo.js';
import { openStory } from './story.js';

const usage = 'usage: npm run demo [-- --stay] [-- --dir FOLDER]';

export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 2;
  const { isTTY, columns } = process.stdout;
  const story = openStory({
    out: process.stdout,
    isColourful: isTTY && (process.env['NO_COLOR'] ?? '') === '',
    width: isTTY ? Math.min(columns, 120) : null,
  });
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'holdpoint-demo-')));
  await mkdir(dir, { recursive: true });
  const { signal, dispose } = openStopSignal();
  try {
    await runDemo({ dir, stay: options.stay, story, signal });
    await tidy(dir);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      console.error('\nInterrupted; everything that was started has ended.');
      return 130;
    }
    console.error(
      `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\nThe logs are in ${dir}`,
    );
    return 1;
  } finally {
    dispose();
  }
}

function readOptions(args: readonly string[]): { readonly stay: boolean; readonly dir: string | null } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { stay: { type: 'boolean', default: false }, dir: { type: 'string' } },
    });
    return { stay: values.stay, dir: values.dir ?? null };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return null;
  }
}

/** Reports and logs stay for the reader; the servers' own files are of no use without them. */
async function tidy(dir: string): Promise<void> {
  for (const name of ['prometheus', 'temporal.db', 'temporal.db-wal', 'temporal.db-shm']) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}
