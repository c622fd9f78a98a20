/** A rollout's pack put together from where its parts are: the archive, and Temporal for what is not there. */
import { joinEntries, type AuditEntry } from '../core/audit.js';
import { parseAudit } from '../core/audit-text.js';
import { namedFile } from '../core/named-file.js';
import { packPath } from '../core/names.js';
import { packFiles, recordTexts, reportTexts, resultIn, type PackTexts } from '../core/pack-files.js';
import type { RolloutResult } from '../core/rollout-shapes.js';
import { RolloutError } from '../rollout-error.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';
import type { ReachedRollout } from './with-client.js';

export interface CollectedPack {
  readonly texts: PackTexts;
  readonly audit: readonly AuditEntry[];
  /** Sample files that entries name and the archive does not have, or cannot be asked for. */
  readonly missing: readonly string[];
}

/** Null for a file that is not there. */
type Get = (file: string) => Promise<string | null>;

export async function collectPack(terminal: Terminal, reached: ReachedRollout): Promise<CollectedPack> {
  const { client, rollout } = reached;
  const get = await archiveOf(terminal, reached);
  const audit = await auditOf(terminal, reached, async () => parseKept(terminal, await get(packFiles.audit)));
  const plan = await client.plan(rollout);
  const samples = new Map<string, string>();
  const missing: string[] = [];
  for (const file of namedFiles(audit)) {
    const text = await get(file);
    if (text === null) missing.push(file);
    else samples.set(file, text);
  }
  const input = { plan, audit, result: resultIn(audit), rollout: rollout.rollout, runId: rollout.runId };
  return {
    audit,
    missing,
    texts: { ...recordTexts(plan, audit), ...reportTexts(input), ...Object.fromEntries(samples) },
  };
}

/** Trouble with the archive is told once; then it has nothing. */
async function archiveOf(terminal: Terminal, { config, rollout }: ReachedRollout): Promise<Get> {
  const { openAdapters } = await import('../adapters/open.js');
  const { archive } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  const folder = packPath(rollout.environment, rollout.flag, rollout.runId);
  let told = false;
  return async (file) => {
    try {
      return await archive.get(`${folder}/${file}`);
    } catch (error) {
      if (!told) terminal.talk(`Going on without the archive. ${(error as Error).message}`);
      told = true;
      return null;
    }
  };
}

function parseKept(terminal: Terminal, text: string | null): readonly AuditEntry[] {
  const { entries, problem } = parseAudit(text ?? '');
  if (problem !== null) terminal.talk(`In the archive's audit, entry ${entries.length + 1} ${problem}.`);
  return problem === null ? entries : [];
}

/** From the archive where it has all of it: that needs no worker. Else from the rollout, after what is archived. */
async function auditOf(
  terminal: Terminal,
  { client, rollout }: ReachedRollout,
  archived: () => Promise<readonly AuditEntry[]>,
): Promise<readonly AuditEntry[]> {
  if (!rollout.open) {
    const whole = await archived();
    const result = await resultOf(terminal, () => client.result(rollout));
    if (result !== null && joinEntries(whole, []).ok && resultIn(whole)?.auditHead === result.auditHead) return whole;
  }
  // The rollout first: what it has already given to the archive is there when the archive is read.
  const said = await client.audit(rollout);
  const kept = await archived();
  const joined = joinEntries(kept, said);
  if (joined.ok) return joined.entries;
  if (said[0]?.seq !== 1) {
    throw new CliError(
      exitCode.refused,
      `The audit cannot be put together: the rollout itself still has entries ${said[0]?.seq ?? 0} to ${said.at(-1)?.seq ?? 0}, and of the archive: ${joined.problem}. Export from where the worker's archive is reached.`,
    );
  }
  terminal.talk(`The archive's audit was not used: ${joined.problem}. The rollout itself still has every entry.`);
  return said;
}

/** A rollout that was ended from outside has none. */
async function resultOf(terminal: Terminal, result: () => Promise<RolloutResult>): Promise<RolloutResult | null> {
  try {
    return await result();
  } catch (error) {
    if (!(error instanceof RolloutError) || error.kind !== 'refused') throw error;
    terminal.talk(error.message);
    return null;
  }
}

const namedFiles = (audit: readonly AuditEntry[]): ReadonlySet<string> =>
  new Set(audit.flatMap((entry) => namedFile(entry)?.file ?? []));
