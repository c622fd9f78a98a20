/** The pack that a command about the past works with: a folder, or what archive and Temporal have of a rollout. */
import { textDigest } from '../core/digest.js';
import type { Pack } from '../core/pack.js';
import { readPack } from '../read-pack.js';
import { CliError } from './cli-error.js';
import { collectPack } from './collect-pack.js';
import { exitCode } from './exit-code.js';
import { plain } from './plain.js';
import type { Terminal } from './terminal.js';
import type { ReachedRollout } from './with-client.js';

export async function packInFolder(folder: string): Promise<Pack> {
  const read = await readPack(folder);
  if (read.ok) return read.pack;
  throw new CliError(exitCode.invalidFile, plain(`${folder} is no pack: ${read.problem}.`));
}

export async function packOfRollout(terminal: Terminal, reached: ReachedRollout): Promise<Pack> {
  const { texts, missing } = await collectPack(terminal, reached);
  if (missing.length > 0)
    terminal.talk(
      `The archive does not have ${missing.length} sample files that entries name; their numbers are not counted.`,
    );
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, { text, digest: textDigest(text) }]));
  return { files, folder: reached.rollout.runId };
}
