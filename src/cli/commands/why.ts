/** `holdpoint why`: everything that stands between now and the next percent. */
import type { Command } from 'commander';
import { rolloutHelp, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderWhy } from '../render/why.js';
import { withRollout } from '../with-client.js';

interface WhyOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function addWhy({ terminal }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', rolloutHelp)
    .action((name: string | undefined, options: WhyOptions) =>
      withRollout(terminal, { ...options, rollout: name }, async ({ client, rollout }) => {
        const why = await client.why(rollout);
        if (options.json === true) terminal.data(JSON.stringify(why, null, 2));
        else if (!rollout.open) terminal.data(`The rollout has ended: ${plain(rollout.state)}.`);
        else terminal.data(renderWhy(plain(why), { nowMs: Date.now(), paint: terminal.paint }));
      }),
    );
}
