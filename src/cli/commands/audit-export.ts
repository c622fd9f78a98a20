/** `holdpoint audit export`: the pack of one rollout, open or closed, into a folder. */
import type { Command } from 'commander';
import { auditHead } from '../../core/audit.js';
import { packPath } from '../../core/names.js';
import { resultIn } from '../../core/pack-files.js';
import { CliError } from '../cli-error.js';
import { collectPack, type CollectedPack } from '../collect-pack.js';
import { exitCode } from '../exit-code.js';
import { findNewest } from '../find-newest.js';
import { rolloutHelp, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderExport, type Export } from '../render/export.js';
import { withClient } from '../with-client.js';

interface ExportOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly out?: string;
}

export function addAuditExport({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', `${rolloutHelp}; with none open, the one that ended last`)
    .option('-o, --out <folder>', 'new folder for the pack (default: <environment>/<flag key>/<run id>)')
    .action((name: string | undefined, options: ExportOptions) =>
      withClient(terminal, options, async ({ client, config }) => {
        const rollout = await findNewest(client, name);
        const pack = options.out ?? packPath(rollout.environment, rollout.flag, rollout.runId);
        const collected = await collectPack(terminal, { client, config, rollout });
        const { writePack } = await import('../../write-pack.js');
        if (!(await writePack(pack, collected.texts))) {
          throw new CliError(
            exitCode.refused,
            `Nothing was exported: there is something at ${pack} already. Name a new folder with --out, or move that away.`,
          );
        }
        const said = { pack, rollout: rollout.rollout, runId: rollout.runId, ...describe(collected) };
        terminal.data(
          options.json === true ? JSON.stringify(said, null, 2) : renderExport(plain(said), terminal.paint),
        );
        if (said.missing.length > 0) ended(exitCode.unreachable);
      }),
    );
}

const describe = ({ audit, texts, missing }: CollectedPack): Omit<Export, 'pack' | 'rollout' | 'runId'> => ({
  outcome: resultIn(audit)?.outcome ?? 'open',
  entries: audit.length,
  head: auditHead(audit),
  samples: Object.keys(texts).filter((file) => file.startsWith('samples/')).length,
  missing,
});
