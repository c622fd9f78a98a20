/** `npm run demo`: reads its options, tells the story on stdout, and ends with an exit code. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCode, type ExitCode } from '../cli/exit-code.js';
import { openTerminal } from '../cli/real-terminal.js';
import { runDemo } from './run-demo.js';
import { openStory } from './story.js';

const usage = 'usage: npm run demo [-- --stay] [-- --dir FOLDER]';
const widest = 120;

export async function main(args: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal(process);
  const options = readOptions(args);
  if (typeof options === 'string') {
    terminal.talk(`${options}\n${usage}`);
    return exitCode.usage;
  }
  const { isTTY, columns } = process.stdout;
  const width = isTTY ? Math.min(columns, widest) : null;
  const story = openStory({ out: process.stdout, paint: terminal.paint, width });
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'holdpoint-demo-')));
  await mkdir(dir, { recursive: true });
  try {
    await runDemo({ dir, stay: options.stay, story, signal: terminal.stopSignal() });
    await tidy(dir);
    return exitCode.done;
  } catch (error) {
    if (terminal.stoppedWith !== null) {
      await tidy(dir);
      terminal.talk('\nInterrupted; everything that was started has ended.');
      return terminal.stoppedWith;
    }
    const why = error instanceof Error ? error.message : String(error);
    terminal.talk(`\nThe demo failed: ${why}\nEverything that was started has ended. The logs are in ${dir}`);
    return exitCode.unexpected;
  }
}

/** Text: what is wrong with them. */
function readOptions(args: readonly string[]): { readonly stay: boolean; readonly dir: string | null } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { stay: { type: 'boolean', default: false }, dir: { type: 'string' } },
    });
    return { stay: values.stay, dir: values.dir ?? null };
  } catch (error) {
    return (error as Error).message;
  }
}

/** Reports and logs stay for the reader; the servers' own files are of no use without them. */
async function tidy(dir: string): Promise<void> {
  for (const name of ['prometheus', 'temporal.db', 'temporal.db-wal', 'temporal.db-shm']) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}
