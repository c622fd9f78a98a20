/** `holdpoint list`: open rollouts, the ones that ended last, reviews that nobody has given yet, and updates that readers were promised. */
import type { Command } from 'commander';
import { wholeNumber, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderList } from '../render/list.js';
import { renderPromises } from '../render/promises.js';
import { renderReviews } from '../render/reviews.js';
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
        const [rollouts, reviews, promises] = await Promise.all([
          client.list({ closed: options.closed }),
          client.reviews(null),
          client.promises(null),
        ]);
        if (options.json === true) {
          terminal.data(JSON.stringify([...rollouts, ...reviews, ...promises], null, 2));
          return;
        }
        terminal.data(
          [
            renderList(plain(rollouts), terminal.paint),
            ...renderReviews(plain(reviews), terminal.paint),
            ...renderPromises(plain(promises), terminal.paint),
          ].join('\n'),
        );
      }),
    );
}
