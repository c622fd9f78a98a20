/** `holdpoint smoke`: runs one smoke suite as a worker does; exits 0 green, 4 red, 7 when it could not be run. */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import type { SmokeOutcome } from '../../core/smoke-outcome.js';
import { CliError } from '../cli-error.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { openConfig, renderProblems } from '../open-config.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderJunit } from '../render/junit.js';
import { renderSmoke } from '../render/smoke.js';
import type { Terminal } from '../terminal.js';

interface SmokeCommandOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly baseUrl?: string;
  readonly junit?: string;
}

export function addSmoke({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('<suite>', 'suite file, or the id of a suite in the configuration')
    .option('--base-url <url>', "ask this address instead of the suite's own", address)
    .option('--junit <file>', 'also write the outcome as JUnit XML')
    .addHelpText('after', '\nIt is what a worker runs at a hold point: steps, time limits and cleanup are the same.')
    .action(async (named: string, options: SmokeCommandOptions) => ended(await smoke(terminal, named, options)));
}

async function smoke(terminal: Terminal, named: string, options: SmokeCommandOptions): Promise<ExitCode> {
  const path = isFile(named) ? named : await pathInConfig(terminal, named, options);
  const { runSuiteFile } = await import('../../run-suite-file.js');
  const stop = terminal.stopSignal();
  const ran = await runSuiteFile({ path, id: named, env: terminal.env, baseUrl: options.baseUrl, signal: stop });
  if (!ran.ok) {
    const said = ran.problems.length > 0 ? renderProblems(ran.problems) : ran.why;
    throw new CliError(exitCode.invalidFile, said);
  }
  const { outcome } = ran;
  if (options.junit !== undefined) await writeReport(options.junit, renderJunit(outcome));
  terminal.data(options.json === true ? JSON.stringify(outcome, null, 2) : renderSmoke(plain(outcome), terminal.paint));
  return stop.aborted ? exitCode.interrupted : codes[outcome.outcome];
}

const codes: Readonly<Record<SmokeOutcome['outcome'], ExitCode>> = {
  passed: exitCode.done,
  failed: exitCode.failed,
  unavailable: exitCode.unreachable,
};

/** Ids have neither a dot nor a slash. */
const isFile = (named: string): boolean => /[./\\]/.test(named);

async function pathInConfig(terminal: Terminal, id: string, options: SmokeCommandOptions): Promise<string> {
  const { smoke: suites, file } = await openConfig(terminal, options);
  const path = Object.hasOwn(suites, id) ? suites[id] : undefined;
  if (path !== undefined) return path;
  const known = Object.keys(suites);
  const there = known.length === 0 ? 'there is none' : `there are: ${known.join(', ')}`;
  throw new CliError(
    exitCode.usage,
    `There is no smoke suite ${id} in ${file}; ${there}. A file is named by its path, such as ./${id}.yaml.`,
  );
}

async function writeReport(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: Error) => {
    throw new CliError(
      exitCode.invalidFile,
      `${path} cannot be written: ${error.message}. Name a file in a folder that exists with --junit.`,
    );
  });
}

function address(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('Write an http or https address, such as http://127.0.0.1:8080.');
}
