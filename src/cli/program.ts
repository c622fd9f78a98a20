/** Every command, and what goes for all of them. */
import { type Argument, Command, CommanderError } from 'commander';
import { addAttest } from './commands/attest.js';
import { addDecisions } from './commands/decide.js';
import { addList } from './commands/list.js';
import { addPause } from './commands/pause.js';
import { addReport } from './commands/report.js';
import { addRollback } from './commands/rollback.js';
import { addStatus } from './commands/status.js';
import { addWatch } from './commands/watch.js';
import { addWhy } from './commands/why.js';
import { addWorker } from './commands/worker.js';
import { exitCode, type ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** What each command file offers: its place in the program. An action answers with its exit code. */
export interface Program {
  readonly terminal: Terminal;
  /** A new command. */
  readonly command: (name: string, description: string) => Command;
  /** Notes the exit code of what ran. */
  readonly ended: (code: ExitCode) => void;
}

/** In the order in which a rollout needs them. */
const commands: readonly ((program: Program) => void)[] = [
  addList,
  addStatus,
  addWatch,
  addWhy,
  addDecisions,
  addAttest,
  addPause,
  addRollback,
  addReport,
  addWorker,
];

const argumentTerm = (argument: Argument): string =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;

const after = `
Exit codes: 0 done, 1 unexpected, 2 usage, 3 a file is invalid, 7 server or evidence unreachable, 8 refused.
start --wait and watch exit by outcome: 0 completed, 4 refused or superseded, 5 rolled back, 6 paused or out of time.
Data goes to stdout, talk to stderr. NO_COLOR is honoured.`;

export async function runProgram(terminal: Terminal, argv: readonly string[]): Promise<ExitCode> {
  const root = new Command('holdpoint')
    .description(
      'Takes a feature flag up in stages, holds for evidence and people at each one, and takes it back at once.',
    )
    .version(readVersion(), '-v, --version')
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    })
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
    command: (name, description) => root.command(name).description(description).allowExcessArguments(false),
    ended: (ended) => {
      code = ended;
    },
  };
  for (const add of commands) add(program);
  try {
    await root.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what is wrong; being asked for help or the version is no error.
    return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  }
  return code;
}
