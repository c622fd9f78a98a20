/** Waiting until a child process serves, or saying why it never will. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldProcess } from './held-process.js';

const limitMs = 30_000;
const pauseMs = 25;

/** @param isReady - asked again and again; an error means not yet. Throws after stopping the process. */
export async function waitUntilReady(child: HeldProcess, isReady: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + limitMs;
  let end: string | null = null;
  void child.ended.then((how) => {
    end = how;
  });
  while (end === null && performance.now() < endsAt) {
    if (await isReady().catch(() => false)) return;
    await sleep(pauseMs);
  }
  await child.stop();
  const why = end === null ? `was not ready within ${limitMs / 1_000} s` : `ended before it was ready (${String(end)})`;
  throw new Error(`${child.name} ${why}. Its log is ${child.logPath} and ends:\n${await lastLines(child.logPath)}`);
}

async function lastLines(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-5);
  return lines.map((line) => `  ${line.slice(0, 300)}`).join('\n');
}
