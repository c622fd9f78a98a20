/** `holdpoint flag set`: a person sets a percent outside of a rollout, compared with what was seen, read back, and noted. */
import { InvalidArgumentError, type Command } from 'commander';
import { readPercent } from '../../core/direct-set.js';
import { withStore } from '../one-store.js';
import { withBy, withReach, withYes } from '../options.js';
import type { Program } from '../program.js';
import { setFlag, type SetOptions } from '../set-flag.js';

export function addFlagSet({ terminal }: Program, command: Command): void {
  withYes(withBy(withStore(withReach(command))))
    .argument('<flag>', 'flag key')
    .argument('<percent>', 'from 0 to 100, up to three decimals', percentOf)
    .requiredOption('--reason <text>', 'why; noted in the write log', someText)
    .option('--expect-revision <revision>', 'refuse unless the flag is still as flag status showed it', revisionOf)
    .option('--create', 'make the flag when there is none')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action((key: string, percent: number, options: SetOptions) => setFlag(terminal, { key, percent }, options));
}

function percentOf(text: string): number {
  const percent = readPercent(text);
  if (percent !== null) return percent;
  throw new InvalidArgumentError(
    'Write a number from 0 to 100 with up to three decimals, without sign or unit, such as 12.5.',
  );
}

function revisionOf(text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new InvalidArgumentError('Write the revision as flag status shows it, such as 02e1a5327db7.');
}

function someText(text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new InvalidArgumentError('Say why, in a few words.');
}
