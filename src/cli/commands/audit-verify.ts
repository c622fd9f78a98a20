/** `holdpoint audit verify`: is a pack what the rollout wrote? Exits 0 when it is whole, 4 when not, 3 when it is no pack. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Anchor, Pack } from '../../core/pack.js';
import { verifyPack } from '../../core/verify-pack.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderPack } from '../render/pack.js';
import type { Terminal } from '../terminal.js';

interface VerifyOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly head?: string;
  readonly online?: boolean;
}

export function addAuditVerify({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('<pack>', 'folder of the pack')
    .option('--head <digest>', "the head it must have: auditHead of the rollout's result", headDigest)
    .addOption(new Option('--online', 'ask Temporal for the head it must have').conflicts('head'))
    .action(async (path: string, options: VerifyOptions) => {
      const { readPack } = await import('../../read-pack.js');
      const read = await readPack(path);
      if (!read.ok) throw new CliError(exitCode.invalidFile, `${path} is no pack: ${read.problem}.`);
      const verdict = verifyPack(read.pack, await anchorOf(terminal, read.pack, options));
      terminal.data(
        options.json === true ? JSON.stringify(verdict, null, 2) : renderPack(plain(verdict), terminal.paint),
      );
      ended(verdict.whole ? exitCode.done : exitCode.failed);
    });
}

function headDigest(text: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Write the whole head: sha256: and 64 digits from 0 to f.');
  }
  return text;
}

async function anchorOf(terminal: Terminal, pack: Pack, options: VerifyOptions): Promise<Anchor> {
  const none: Anchor = { kind: 'none' };
  if (options.head !== undefined) return { kind: 'head', head: options.head, from: 'that was given' };
  if (options.online !== true) return none;
  const { rollout, runId, entries } = verifyPack(pack, none);
  // Not even the first entry is good: there is nothing to ask for, and enough to say.
  if (rollout === null || runId === null) return none;
  const [{ withClient }, { askHead }] = await Promise.all([import('../with-client.js'), import('../online-head.js')]);
  return withClient(terminal, options, ({ client }) => askHead(client, { rollout, runId, entries }));
}
