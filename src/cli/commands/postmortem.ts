/** `holdpoint postmortem`: a page about what went wrong, filled from the pack; people add the rest. */
import type { Command } from 'commander';
import { buildPostmortem } from '../../core/postmortem.js';
import { renderPostmortem } from '../../core/render-postmortem.js';
import type { Pack } from '../../core/pack.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { findNewest } from '../find-newest.js';
import { rolloutHelp, withReach } from '../options.js';
import { packInFolder, packOfRollout } from '../pack-at-hand.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { withClient } from '../with-client.js';

interface PostmortemOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly pack?: string;
}

export function addPostmortem({ terminal }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', `${rolloutHelp}; with none open, the one that ended last`)
    .option('--pack <folder>', 'from this pack alone, without any server')
    .action(async (name: string | undefined, options: PostmortemOptions) => {
      const { pack: folder } = options;
      if (folder !== undefined && name !== undefined)
        throw new CliError(exitCode.usage, 'Name a rollout or --pack, not both.');
      const pack: Pack =
        folder === undefined
          ? await withClient(terminal, options, async (reached) =>
              packOfRollout(terminal, { ...reached, rollout: await findNewest(reached.client, name) }),
            )
          : await packInFolder(folder);
      const built = buildPostmortem(pack);
      if (!built.ok)
        throw new CliError(exitCode.invalidFile, plain(`There is nothing to write about: ${built.problem}`));
      const { postmortem } = built;
      terminal.data(
        options.json === true ? JSON.stringify(postmortem, null, 2) : renderPostmortem(postmortem).trimEnd(),
      );
    });
}
