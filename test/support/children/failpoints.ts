/**
 * Loaded into a process before anything else (`--import`), it makes faults happen at named points. Orders come from
 * `HOLDPOINT_TEST_FAILPOINTS`, or from the file that `@path` names there, read anew at each point so that they can
 * change while the process runs. What is under test knows nothing of it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultAt, parseFaults, type FaultAction, type FaultOrder } from '../failpoints.js';
import { beforeFileSteps } from './file-steps.js';

const given = process.env['HOLDPOINT_TEST_FAILPOINTS'] ?? '';
const file = given.startsWith('@') ? given.slice(1) : null;

const ordered = (): FaultOrder[] => {
  if (file === null) return parseFaults(given);
  return parseFaults(readFileSync(file, 'utf8'));
};

const counts = new Map<string, number>();

export async function reach(point: string): Promise<void> {
  const count = (counts.get(point) ?? 0) + 1;
  counts.set(point, count);
  const action = faultAt(ordered(), point, count);
  if (action === null) return;
  if (file !== null) appendFileSync(`${file}.hits`, `${point}\n`);
  await happen(action, point);
}

async function happen(action: FaultAction, point: string): Promise<void> {
  switch (action.kind) {
    case 'kill':
    case 'stop':
      process.kill(process.pid, action.kind === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      // The signal is taken at the next turn.
      return sleep(50);
    case 'fail':
      throw Object.assign(new Error(`${action.code}: told to fail at ${point}`), { code: action.code });
    case 'sleep':
      return sleep(action.ms);
    case 'hang':
      return new Promise(() => undefined);
    case 'fill-memory':
      return fillMemory();
    case 'fill-files':
      return fillFiles(action.ms);
  }
}

function fillMemory(): never {
  const kept: string[][] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => `${kept.length}/${index}`));
}

function fillFiles(ms: number): void {
  const held: number[] = [];
  setTimeout(() => held.forEach((file) => closeSync(file)), ms);
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    // That was the last one.
  }
}

interface Acting {
  readonly what: string;
  renamed: boolean;
  synced: number;
}

const acting = new AsyncLocalStorage<Acting>();

/** Everything that `work` does to files is reached as `<what>:<where>`. */
export const actAs = <T>(what: string, work: () => Promise<T>): Promise<T> =>
  acting.run({ what, renamed: false, synced: 0 }, async () => {
    await reach(`${what}:before`);
    const answer = await work();
    await reach(`${what}:before-result`);
    return answer;
  });

await beforeFileSteps(async (name, [path]) => {
  const now = acting.getStore();
  if (now === undefined) return;
  const where = whereOf(now, name, String(path));
  if (where !== null) await reach(`${now.what}:${where}`);
});

function whereOf(now: Acting, step: string, path: string): string | null {
  switch (step) {
    case 'readFile':
      return now.renamed ? null : 'before-read';
    case 'open':
      if (path.endsWith('.tmp')) return 'before-write';
      return path.endsWith('.log.jsonl') ? 'before-log' : 'after-rename';
    case 'handle.sync':
      return now.renamed ? 'before-folder-sync' : 'before-sync';
    case 'rename':
      now.renamed = true;
      return 'before-rename';
    default:
      return null;
  }
}

register('./adapter-loader.js', import.meta.url);
