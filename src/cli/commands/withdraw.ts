/** `holdpoint withdraw`: your own go, no-go or attestation does not count any more. */
import type { Command } from 'commander';
import { rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { sayMessageAnswer } from '../say-answer.js';
import { withRollout } from '../with-client.js';

interface WithdrawOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly item?: string;
  readonly reason?: string;
}

export function addWithdraw({ terminal, ended }: Program, command: Command): void {
  withBy(withReach(command))
    .argument('[rollout]', rolloutHelp)
    .option('--item <id>', 'a checklist item you attested (default: your decision)')
    .option('--reason <text>', 'why')
    .action(async (name: string | undefined, options: WithdrawOptions) => {
      const { item, reason } = options;
      const message = {
        by: whoAmI(terminal, options),
        ...(item === undefined ? {} : { item }),
        ...(reason === undefined ? {} : { reason }),
      };
      const answer = await withRollout(terminal, { ...options, rollout: name }, ({ client, rollout }) =>
        client.withdraw(rollout, message),
      );
      ended(sayMessageAnswer(terminal, answer, options));
    });
}
