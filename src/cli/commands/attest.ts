/** `holdpoint attest`: a checklist item of the current gate is done. */
import type { Command } from 'commander';
import { rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { sayMessageAnswer } from '../say-answer.js';
import { withRollout } from '../with-client.js';

interface AttestOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly role?: string;
  readonly note?: string;
}

export function addAttest({ terminal, ended }: Program, command: Command): void {
  withBy(withReach(command))
    .argument('<item>', 'its id, as status shows it')
    .argument('[rollout]', rolloutHelp)
    .option('--role <role>', 'the role you attest as (default: the one the item asks for)')
    .option('--note <text>', 'what you looked at')
    .action(async (item: string, name: string | undefined, options: AttestOptions) => {
      const by = whoAmI(terminal, options);
      const { role, note } = options;
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
