/** `holdpoint status`: one screen about one rollout. */
import type { Command } from 'commander';
import { formatInstant } from '../../core/instant.js';
import { formatPercent } from '../../core/number-text.js';
import type { RolloutSummary } from '../../find-rollout.js';
import { RolloutError } from '../../rollout-error.js';
import { exitCode } from '../exit-code.js';
import { rolloutHelp, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderPromises } from '../render/promises.js';
import { renderReviews } from '../render/reviews.js';
import { renderStatus } from '../render/status.js';
import { withRollout } from '../with-client.js';

interface StatusOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function addStatus({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', rolloutHelp)
    .action(async (name: string | undefined, options: StatusOptions) => {
      await withRollout(terminal, { ...options, rollout: name }, async ({ client, rollout }) => {
        const status = await client.status(rollout).catch((error: unknown) => {
          if (error instanceof RolloutError && error.kind === 'no-worker') terminal.talk(plain(sayLastNoted(rollout)));
          throw error;
        });
        const name = `${rollout.environment}/${rollout.flag}`;
        const [reviews, promises] = await Promise.all([client.reviews(name), client.promises(name)]);
        if (options.json === true) {
          terminal.data(JSON.stringify({ ...status, reviews, promises }, null, 2));
          return;
        }
        const why = await client.why(rollout);
        const view = { status, why, name, nowMs: Date.now() };
        terminal.data(
          [
            renderStatus(plain(view), terminal.paint),
            ...renderReviews(plain(reviews), terminal.paint),
            ...renderPromises(plain(promises), terminal.paint),
          ].join('\n'),
        );
      });
      ended(exitCode.done);
    });
}

/** The server knows this much without a worker. */
const sayLastNoted = ({ environment, flag, state, percent, startedBy, startedAt }: RolloutSummary): string =>
  `${environment}/${flag}, started by ${startedBy ?? 'somebody'} ${formatInstant(startedAt)}: last noted as ${state} at ${formatPercent(percent)}.`;
