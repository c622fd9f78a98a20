/** `holdpoint flag`: one flag without a rollout: what it is at, who is in, setting it, serving it. */
import type { Command } from 'commander';
import type { Program } from '../program.js';
import { addFlagEvaluate } from './flag-evaluate.js';
import { addFlagServe } from './flag-serve.js';
import { addFlagSet } from './flag-set.js';
import { addFlagStatus } from './flag-status.js';

export function addFlag(program: Program, command: Command): void {
  command.helpCommand(false).configureHelp({ subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}` });
  const add = (name: string, description: string): Command =>
    command.command(name).description(description).allowExcessArguments(false);
  addFlagStatus(program, add('status', 'what flags are at, and who owns them'));
  addFlagSet(program, add('set', 'set a percent outside of a rollout; refused while one owns the flag'));
  addFlagEvaluate(program, add('evaluate', 'what a user gets, and why'));
  addFlagServe(program, add('serve', 'serve a flag document: JSON, change stream and OFREP'));
}
