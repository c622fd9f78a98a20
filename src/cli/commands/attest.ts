/** `holdpoint attest`: a checklist item of the current gate is done, or another person has reviewed a break-glass. */
import type { Command } from 'commander';
import { reviewItem } from '../../core/review.js';
import { rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { sayMessageAnswer } from '../say-answer.js';
import { withClient, withRollout } from '../with-client.js';

interface AttestOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly role?: string;
  readonly note?: string;
}

export function addAttest({ terminal, ended }: Program, command: Command): void {
  withBy(withReach(command))
    .argument('<item>', `its id, as status shows it; ${reviewItem} after a break-glass`)
    .argument('[rollout]', rolloutHelp)
    .option('--role <role>', 'the role you attest as (default: the one the item asks for)')
    .option('--note <text>', 'what you looked at')
    .action(async (item: string, name: string | undefined, options: AttestOptions) => {
      const by = whoAmI(terminal, options);
      const { role, note } = options;
      if (item === reviewItem) {
        const said = await withClient(terminal, options, async ({ client }) => {
          const { review } = await client.findReview(name ?? null);
          return client.attest({ rollout: review }, { item, by, ...(note === undefined ? {} : { note }) });
        });
        ended(sayMessageAnswer(terminal, said, options));
        return;
      }
      const answer = await withRollout(terminal, { ...options, rollout: name }, ({ client, rollout }) =>
        client.attest(rollout, {
          item,
          by,
          ...(role === undefined ? {} : { role }),
          ...(note === undefined ? {} : { note }),
        }),
      );
      ended(sayMessageAnswer(terminal, answer, options));
    });
}
