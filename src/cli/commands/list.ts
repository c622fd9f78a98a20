/** `holdpoint list`: open rollouts, and the ones that ended last. */
import type { Command } from 'commander';
import { wholeNumber, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderList } from '../render/list.js';
import { withClient } from '../with-client.js';

interface ListOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly closed: number;
}

export function addList({ terminal }: Program, command: Command): void {
  withReach(command)
    .option('--closed <count>', 'how many closed ones to show', wholeNumber, 10)
    .action((options: ListOptions) =>
      withClient(terminal, options, async ({ client }) => {
        const rollouts = await client.list({ closed: options.closed });
        terminal.data(
          options.json === true ? JSON.stringify(rollouts, null, 2) : renderList(plain(rollouts), terminal.paint),
        );
      }),
    );
}
