/** The compiled command line as a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { inject } from 'vitest';

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles when the process has ended. */
  readonly ended: Promise<CliEnd>;
  /** Settles when that text has been printed; rejects when the process ends without. */
  printed(text: string): Promise<void>;
}

export interface CliPlace {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What a shell may not give it: `ulimit -n 40`. */
  readonly limits?: string;
}

export const runCli = (args: readonly string[], place: CliPlace): Promise<CliEnd> => startCli(args, place).ended;

export function startCli(args: readonly string[], { cwd, env = {}, limits }: CliPlace): RunningCli {
  const { PATH = '', HOME = '' } = process.env;
  const [program, ...before] =
    limits === undefined ? [process.execPath] : ['sh', '-c', `${limits} && exec "$0" "$@"`, process.execPath];
  const child = spawn(program ?? '', [...before, inject('cliPath'), ...args], { cwd, env: { PATH, HOME, ...env } });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const note = (): void => waiting.forEach((look) => look());
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    note();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    note();
  });
  const ended = new Promise<CliEnd>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!stdout.includes(text) && !stderr.includes(text)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void ended.then(() => reject(new Error(`ended without printing "${text}":\n${stdout}\n${stderr}`)));
      look();
    });
  return { child, ended, printed };
}
