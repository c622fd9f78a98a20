/** A child process that cannot outlive us: it ends when the pipe to its stdin closes, and that pipe dies with us. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { closeSync, openSync } from 'node:fs';

export interface HeldProcess {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  readonly stdout: ChildProcess['stdout'];
  /** Resolves, with how it ended, once it is gone. */
  readonly ended: Promise<string>;
  /** Asks it to end and waits until it is gone; safe to call twice. */
  stop(): Promise<void>;
}

export interface HeldCommand {
  /** For people. */
  readonly name: string;
  readonly args: readonly string[];
  /** Takes stderr, and stdout too unless that is read. */
  readonly logPath: string;
  readonly readsStdout: boolean;
}

/** Longer than the supervisor gives its program. */
const patienceMs = 8_000;

/** Runs a Node script of ours that ends when its stdin closes. */
export async function holdScript({ name, args, logPath, readsStdout }: HeldCommand): Promise<HeldProcess> {
  const log = openSync(logPath, 'a');
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', readsStdout ? 'pipe' : log, log],
    // A group of its own: a terminal's Ctrl-C reaches us alone, and we end the others in order.
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  const ended = once(child, 'exit').then(([code, signal]) =>
    signal === null ? `exit code ${String(code)}` : `signal ${String(signal)}`,
  );
  // Rejects when there is no process at all.
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started.`);
  return {
    name,
    pid,
    logPath,
    stdout: child.stdout,
    ended,
    stop: async () => {
      child.stdin?.end();
      const timer = setTimeout(() => killGroup(pid), patienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Runs somebody else's program, which knows nothing of our pipe, under a small supervisor that does. */
export function holdProgram(
  command: Omit<HeldCommand, 'readsStdout'> & { readonly path: string },
): Promise<HeldProcess> {
  const supervisor = createRequire(import.meta.url).resolve('#tools/supervise.mjs');
  const { name, path, args, logPath } = command;
  return holdScript({ name, args: [supervisor, path, ...args], logPath, readsStdout: false });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
