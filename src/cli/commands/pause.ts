/** `holdpoint pause` and `holdpoint resume`: stop moves up, and end that again. */
import { rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { withRollout } from '../with-client.js';
import { sayMessageAnswer } from '../say-answer.js';

interface PauseOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
}

export function addPause({ terminal, command, ended }: Program): void {
  for (const [message, description] of [
    ['pause', 'stop moves up; all else goes on'],
    ['resume', 'end a pause'],
  ] as const) {
    withBy(withReach(command(message, description)))
      .argument('[rollout]', rolloutHelp)
      .requiredOption('--reason <text>', 'why')
      .action(async (name: string | undefined, options: PauseOptions) => {
        const sent = { by: whoAmI(terminal, options), reason: options.reason };
        const answer = await withRollout(terminal, { ...options, rollout: name }, ({ client, rollout }) =>
          client[message](rollout, sent),
        );
        ended(sayMessageAnswer(terminal, answer, options));
      });
  }
}
