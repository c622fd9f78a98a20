/** `holdpoint flag evaluate`: what a user gets, and why, as every client of the document answers. */
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CliError } from '../cli-error.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { onlyDocument, onlyStore, withStore } from '../one-store.js';
import { openConfig } from '../open-config.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';

interface EvaluateOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly store?: string;
  readonly file?: string;
  readonly user?: string;
  readonly attribute: Readonly<Record<string, string>>;
}

export function addFlagEvaluate({ terminal, ended }: Program, command: Command): void {
  withStore(withReach(command))
    .argument('<flag>', 'flag key')
    .option('--user <key>', 'targeting key of who asks (default: nobody)')
    .option('--attribute <name=value>', 'another attribute of the context; may be repeated', addAttribute, {})
    .addOption(new Option('--file <path>', 'flag document (default: that of the store)').conflicts(['store', 'config']))
    .action(async (key: string, options: EvaluateOptions) => ended(await evaluate(terminal, key, options)));
}

async function evaluate(terminal: Terminal, key: string, options: EvaluateOptions): Promise<ExitCode> {
  const path = options.file ?? (await documentOfStore(terminal, key, options));
  const { explainEvaluation } = await import('../../flag-server/explain-evaluation.js');
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new CliError(exitCode.unreachable, `${path} cannot be read: ${error.message}.`);
  });
  const context = { ...options.attribute, ...(options.user === undefined ? {} : { targetingKey: options.user }) };
  let explanation;
  try {
    explanation = explainEvaluation(text, key, context);
  } catch (error) {
    throw new CliError(exitCode.invalidFile, `${path}: ${(error as Error).message}. Clients keep the last good one.`);
  }
  terminal.data(options.json === true ? JSON.stringify(explanation, null, 2) : plain(explanation.sentence));
  const { errorCode } = explanation;
  if (errorCode === null) return exitCode.done;
  return errorCode === 'FLAG_NOT_FOUND' ? exitCode.refused : exitCode.invalidFile;
}

/** The store that is named, or is the only one; of several, the one that has the flag. */
async function documentOfStore(terminal: Terminal, key: string, options: EvaluateOptions): Promise<string> {
  const config = onlyStore(await openConfig(terminal, options), options.store);
  if (Object.keys(config.flagStores).length === 1) return onlyDocument(config);
  const { findFlag } = await import('../find-flag.js');
  const { storeId } = await findFlag(terminal, config, key);
  return onlyDocument(onlyStore(config, storeId));
}

function addAttribute(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('Write a name, an equals sign and a value, such as email=dana@example.org.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
