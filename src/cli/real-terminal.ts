/** The terminal this process was started from. */
import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';
import { exitCode, type ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface RealTerminal extends Terminal {
  /** The exit code for the signal that came while a command ends in its own way; null when none came. */
  readonly stoppedWith: ExitCode | null;
}

export function openTerminal({ env, stdin, stdout, stderr }: NodeJS.Process): RealTerminal {
  leaveWithReader(stdout);
  stderr.on('error', () => undefined);
  const stops = watchSignals();
  return {
    env,
    data: (text) => void stdout.write(`${text}\n`),
    talk: (text) => void stderr.write(`${text}\n`),
    talkStream: stderr,
    paint: pc.createColors(wantsColour(env, stdout.isTTY)),
    canAsk: stdin.isTTY && stderr.isTTY,
    isLive: stdout.isTTY && env['TERM'] !== 'dumb',
    // A question is talk: it must not end up in the data.
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      lines.once('SIGINT', () => {
        stderr.write('\n');
        process.exit(exitCode.interrupted);
      });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
    stopSignal: stops.take,
    get stoppedWith() {
      return stops.code();
    },
  };
}

/** `| head` closes the pipe: that is no error, only the end. */
function leaveWithReader(stdout: NodeJS.WriteStream): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCode.brokenPipe : exitCode.unexpected);
  });
}

/** `isTTY` of a pipe is undefined, whatever its type says; and given undefined, picocolors decides by itself. */
function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean | undefined): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isTerminal === true && env['TERM'] !== 'dumb';
}

const codes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated, SIGHUP: exitCode.terminated } as const;

function watchSignals(): { take: () => AbortSignal; code: () => ExitCode | null } {
  const controller = new AbortController();
  let taken = false;
  let stoppedWith: ExitCode | null = null;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      if (!taken || controller.signal.aborted) process.exit(code);
      stoppedWith = code;
      controller.abort();
    });
  }
  return {
    take: () => {
      taken = true;
      return controller.signal;
    },
    code: () => stoppedWith,
  };
}
