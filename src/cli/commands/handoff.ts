/** `holdpoint handoff`: a rollout for the next shift, on one page. */
import type { Command } from 'commander';
import { renderHandoff, type Handoff } from '../../core/handoff.js';
import { buildPostmortem } from '../../core/postmortem.js';
import { packFiles } from '../../core/pack-files.js';
import type { Pack } from '../../core/pack.js';
import type { Plan } from '../../core/plan.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { findNewest } from '../find-newest.js';
import { rolloutHelp, withReach } from '../options.js';
import { packInFolder, packOfRollout } from '../pack-at-hand.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';
import { withClient, type Reached } from '../with-client.js';

interface HandoffOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly pack?: string;
}

export function addHandoff({ terminal }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', `${rolloutHelp}; with none open, the one that ended last`)
    .option('--pack <folder>', 'from this pack alone, without any server')
    .action(async (name: string | undefined, options: HandoffOptions) => {
      const { pack } = options;
      if (pack !== undefined && name !== undefined)
        throw new CliError(exitCode.usage, 'Name a rollout or --pack, not both.');
      const handoff =
        pack === undefined
          ? await withClient(terminal, options, (reached) => handOff(terminal, reached, name))
          : { ...fromPack(await packInFolder(pack)), now: null };
      terminal.data(options.json === true ? JSON.stringify(handoff, null, 2) : renderHandoff(handoff).trimEnd());
    });
}

async function handOff(terminal: Terminal, reached: Reached, name: string | undefined): Promise<Handoff> {
  const { client } = reached;
  const rollout = await findNewest(client, name);
  const [status, why] = await Promise.all([client.status(rollout), client.why(rollout)]);
  return {
    ...fromPack(await packOfRollout(terminal, { ...reached, rollout })),
    now: { status, why, at: new Date().toISOString() },
  };
}

function fromPack(pack: Pack): Pick<Handoff, 'plan' | 'report'> {
  const built = buildPostmortem(pack);
  if (!built.ok) throw new CliError(exitCode.invalidFile, plain(`There is nothing to hand over: ${built.problem}`));
  return { plan: JSON.parse(pack.files.get(packFiles.plan)?.text ?? '') as Plan, report: built.postmortem.report };
}
