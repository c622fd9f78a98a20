/** Who gives a command. */
import { userInfo } from 'node:os';
import { readName } from '../core/person.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export function whoAmI({ env }: Terminal, { by }: { readonly by?: string }): string {
  const name = readName(by ?? (env['HOLDPOINT_USER'] || osUser()));
  if (name !== null) return name;
  throw new CliError(exitCode.usage, 'Nobody is named. Say who you are: --by NAME, or set HOLDPOINT_USER.');
}

/** A container's user may have no name. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
