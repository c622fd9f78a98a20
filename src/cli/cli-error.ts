/** What ends a command early: lines for stderr, and the exit code. */
import { AdapterError } from '../adapters/adapter-error.js';
import { RolloutError } from '../rollout-error.js';
import { exitCode, type ExitCode } from './exit-code.js';

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: ExitCode;

  /** The message says what failed, why, and what to do. */
  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

const codeOfKind: Readonly<Record<RolloutError['kind'], ExitCode>> = {
  unreachable: exitCode.unreachable,
  'no-worker': exitCode.unreachable,
  unproven: exitCode.unreachable,
  'not-found': exitCode.refused,
  ambiguous: exitCode.usage,
  'already-open': exitCode.refused,
  ended: exitCode.refused,
  refused: exitCode.refused,
  configuration: exitCode.invalidFile,
};

/** Null for what nobody expected. */
export function toCliError(error: unknown): CliError | null {
  if (error instanceof CliError) return error;
  if (error instanceof RolloutError) return new CliError(codeOfKind[error.kind], error.message);
  if (error instanceof AdapterError) {
    // It was reached and read, and somebody has to mend it: trying again does not help.
    return new CliError(error.reason === 'corrupt' ? exitCode.invalidFile : exitCode.unreachable, error.message);
  }
  return null;
}
