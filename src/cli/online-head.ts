/** The head that Temporal knows of a pack's rollout. */
import { auditHead } from '../core/audit.js';
import type { Anchor, PackVerdict } from '../core/pack.js';
import { isRunId } from '../core/names.js';
import { RolloutError } from '../rollout-error.js';
import type { RolloutClient } from '../rollout-client.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';

/** What the pack says it is. */
export type PackIdentity = Pick<PackVerdict, 'entries'> & { readonly rollout: string; readonly runId: string };

export async function askHead(client: RolloutClient, pack: PackIdentity): Promise<Anchor> {
  const { rollout, runId } = pack;
  // Names that no rollout has are not asked for: a pack may say anything.
  const run = namesRun(pack) ? await client.describe({ rollout, endedRunId: runId }) : null;
  if (run === null) {
    throw new CliError(
      exitCode.unreachable,
      `Temporal has no run ${runId} of ${rollout}; its retention may be over. Give the head that was noted at its end instead: --head.`,
    );
  }
  const newest = await client.describe({ rollout });
  if (newest?.open === true && newest.runId === runId) return headOfOpen(client, pack);
  try {
    const { auditHead: head } = await client.result({ rollout, endedRunId: runId });
    return { kind: 'head', head, from: "of the rollout's result" };
  } catch (error) {
    // Ended from outside: there is no result, and the error says so.
    if (error instanceof RolloutError && error.kind === 'refused')
      throw new CliError(exitCode.unreachable, error.message);
    throw error;
  }
}

const namesRun = ({ rollout, runId }: PackIdentity): boolean => rollout.startsWith('rollout/') && isRunId(runId);

/** An open rollout goes on: what counts is the entry that the pack ends with. */
async function headOfOpen(client: RolloutClient, { rollout, entries }: PackIdentity): Promise<Anchor> {
  const audit = await client.audit({ rollout });
  const same = audit.find(({ seq }) => seq === entries);
  if (same !== undefined) return { kind: 'head', head: same.hash, from: 'of the open rollout' };
  const [first] = audit;
  // Older entries than it still holds: it cannot vouch for them.
  return first !== undefined && first.seq > entries
    ? { kind: 'none' }
    : { kind: 'head', head: auditHead(audit), from: 'of the open rollout' };
}
