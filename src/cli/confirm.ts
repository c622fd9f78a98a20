/** Asking before something happens that cannot be taken back by a key. */
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** Throws when nobody can be asked, or the answer is no. */
export async function confirm(
  terminal: Terminal,
  question: string,
  { yes }: { readonly yes?: boolean },
): Promise<void> {
  if (yes === true) return;
  if (!terminal.canAsk) {
    throw new CliError(exitCode.usage, `${question} Nobody can be asked here: add --yes if that is what you want.`);
  }
  const answer = await terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(exitCode.refused, 'Nothing was done.');
}
