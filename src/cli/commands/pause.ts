/** `holdpoint pause` and `holdpoint resume`: stop moves up, and end that again. */
import type { Command } from 'commander';
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

export const addPause = (program: Program, command: Command): void => addSteering(program, command, 'pause');
export const addResume = (program: Program, command: Command): void => addSteering(program, command, 'resume');

function addSteering({ terminal, ended }: Program, command: Command, message: 'pause' | 'resume'): void {
  withBy(withReach(command))
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
