/** `holdpoint comms close`: a promised update that nobody waits for any more. */
import type { Command } from 'commander';
import { RolloutError } from '../../rollout-error.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { sayMessageAnswer } from '../say-answer.js';
import { withClient } from '../with-client.js';

interface CloseOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
}

export function addCommsClose({ terminal, ended }: Program, command: Command): void {
  withBy(withReach(command))
    .argument('<flag>', '<environment>/<flag key>')
    .requiredOption('--reason <text>', 'why')
    .action(async (name: string, options: CloseOptions) => {
      const [, environment, flag] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
      if (environment === undefined || flag === undefined)
        throw new CliError(exitCode.usage, `"${name}" names no flag; write <environment>/<flag key>.`);
      const by = whoAmI(terminal, options);
      ended(
        await withClient(terminal, options, async ({ client }) => {
          const answer = await client
            .closeMessages({ environment, flag }, { by, reason: options.reason })
            .catch((error: unknown) => {
              if (error instanceof RolloutError && (error.kind === 'not-found' || error.kind === 'ended'))
                return { accepted: false, reason: `No update about ${name} is owed.` };
              throw error;
            });
          return sayMessageAnswer(terminal, answer, options);
        }),
      );
    });
}
