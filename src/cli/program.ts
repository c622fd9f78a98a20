/** Every command, and what goes for all of them. */
import { Command, CommanderError } from 'commander';
import { exitCode, type ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { commands } from './commands.js';
import { readVersion } from './version.js';

/** What a command file is given. */
export interface Program {
  readonly terminal: Terminal;
  /** Notes the exit code of what ran; without this it is `done`. */
  readonly ended: (code: ExitCode) => void;
}

const subcommandTerm = (command: Command): string =>
  `${command.name()} ${commands.find(({ name }) => name === command.name())?.takes ?? ''}`.trimEnd();

const after = `
Exit codes: 0 done, 1 unexpected, 2 usage, 3 a file is invalid, 7 server or evidence unreachable, 8 refused.
start --wait and watch exit by outcome: 0 completed, 4 refused or superseded, 5 rolled back, 6 paused or out of time.
audit verify: 0 whole, 4 not whole. smoke: 0 green, 4 red, 7 it could not be run.
Data goes to stdout, talk to stderr. NO_COLOR is honoured.`;

export async function runProgram(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  const root = new Command('holdpoint')
    .description(
      'Takes a feature flag up in stages, holds for evidence and people at each one, and takes it back at once.',
    )
    .version(readVersion(), '-v, --version')
    .configureHelp({ subcommandTerm })
    .configureOutput({
      writeOut: (text) => terminal.data(text.trimEnd()),
      writeErr: (text) => terminal.talk(text.trimEnd()),
    })
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .exitOverride()
    .addHelpText('after', after);
  let code: ExitCode = exitCode.done;
  const program: Program = {
    terminal,
    ended: (ended) => {
      code = ended;
    },
  };
  for (const { name, description } of commands) root.command(name).description(description).allowExcessArguments(false);
  // Only what was asked for is loaded: help and check must answer at once.
  root.hook('preSubcommand', async (_, command) => {
    const add = await commands.find(({ name }) => name === command.name())?.load();
    add?.(program, command);
  });
  try {
    await root.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what is wrong; being asked for help or the version is no error.
    return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  }
  return code;
}
