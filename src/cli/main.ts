#!/usr/bin/env node
/** The command line: the only place that prints and exits. */
import { openTerminal, type RealTerminal } from './real-terminal.js';
import { toCliError } from './cli-error.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { runProgram } from './program.js';

async function main(terminal: RealTerminal): Promise<ExitCode> {
  try {
    return await runProgram(terminal, process.argv);
  } catch (error) {
    // Whatever a stopped command dies of, it dies of being stopped.
    if (terminal.stoppedWith !== null) return terminal.stoppedWith;
    const expected = toCliError(error);
    if (expected !== null) {
      terminal.talk(expected.message);
      return expected.code;
    }
    const { stack = String(error) } = error instanceof Error ? error : new Error(String(error));
    terminal.talk(
      `holdpoint failed unexpectedly. This should not happen; please report it with these lines:\n${stack}`,
    );
    return exitCode.unexpected;
  }
}

const terminal = openTerminal(process);
process.exit(await main(terminal));
