/** Setting a flag's percent outside of a rollout: found, judged, asked, written on what was seen, shown as read back. */
import { judgeSet, rolloutToAsk, type RolloutStanding } from '../core/direct-set.js';
import type { Receipt } from '../core/flag-record.js';
import { formatPercent } from '../core/number-text.js';
import { isMultiple } from '../core/percent-step.js';
import type { Config } from '../config.js';
import { RolloutError } from '../rollout-error.js';
import { leaveInPeace } from './after-writes.js';
import { CliError, toCliError } from './cli-error.js';
import { confirm } from './confirm.js';
import { exitCode } from './exit-code.js';
import { findFlag, rolloutNameOf, type FoundFlag } from './find-flag.js';
import { onlyStore } from './one-store.js';
import { openConfig } from './open-config.js';
import { whoAmI } from './person.js';
import { plain } from './plain.js';
import { shortRevision } from './render/flags.js';
import { renderSet, type ShownSet } from './render/set.js';
import type { Terminal } from './terminal.js';

export interface SetOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly store?: string;
  readonly by?: string;
  readonly reason: string;
  readonly yes?: boolean;
  readonly expectRevision?: string;
  readonly create?: boolean;
  readonly dryRun?: boolean;
}

interface Target {
  readonly key: string;
  readonly percent: number;
}

export async function setFlag(terminal: Terminal, { key, percent }: Target, options: SetOptions): Promise<void> {
  const who = { by: whoAmI(terminal, options), reason: options.reason };
  const config = onlyStore(await openConfig(terminal, options), options.store);
  const found = await findOrMake(terminal, config, { key, isMade: options.create === true });
  refuseOtherRevision(found, options.expectRevision);
  refuseBetweenSteps(found, percent);
  const { record, storeId } = found;
  const rollout = rolloutToAsk(record);
  const name = rollout === null ? record.key : rollout.replace(/^rollout\//, '');
  const { standing, why } = await standingOf(config, found, rollout);
  const verdict = judgeSet({ record, percent, standing, name });
  if (verdict.kind === 'refused') throw new CliError(exitCode.refused, verdict.sentence);
  if (verdict.kind === 'cannot-tell') throw new CliError(exitCode.unreachable, `${why}\n${verdict.sentence}`);
  const show = (set: ShownSet): void =>
    terminal.data(options.json === true ? JSON.stringify(set, null, 2) : renderSet(plain(set), terminal.paint));
  const shown = shownOf(found, { percent, ...who });
  if (verdict.kind === 'already') return show({ ...shown, after: shown.before, kind: 'already', receipt: null });
  if (options.dryRun === true) return show({ ...shown, kind: 'dry-run', receipt: null });
  const from = formatPercent(record.percent);
  const made = record.exists ? '' : ', which is new,';
  await confirm(
    terminal,
    plain(`Set ${record.key}${made} in ${storeId} from ${from} to ${formatPercent(percent)}?`),
    options,
  );
  const { receipt, revision } = await write(found, { percent, ...who });
  show({ ...shown, after: { ...shown.after, fence: receipt.fence, revision }, kind: 'written', receipt });
  await leaveInPeace();
}

/** Nobody could tell another one apart in a list. */
const isKey = /^[^\s\p{C}]+$/u;

async function findOrMake(
  terminal: Terminal,
  config: Config,
  { key, isMade }: { readonly key: string; readonly isMade: boolean },
): Promise<FoundFlag> {
  try {
    const found = await findFlag(terminal, config, key);
    const { record, storeId } = found;
    // A key behind any environment is close enough to look at a flag, not to set it.
    if (record.key === key || rolloutNameOf(record) === key) return found;
    if (!isMade)
      throw new CliError(
        exitCode.refused,
        `There is no flag ${key}, only ${record.key} in ${storeId}. Nothing was written.`,
      );
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== exitCode.refused) throw error;
    if (!isMade) throw new CliError(error.code, `${error.message} To make it: --create`);
  }
  if (!isKey.test(key))
    throw new CliError(exitCode.usage, 'Write a flag key without spaces and control characters. Nothing was written.');
  // A member of that name would be every object's own in a careless reader.
  if (key === '__proto__') throw new CliError(exitCode.refused, 'No flag can be made that is called __proto__.');
  const stores = Object.keys(config.flagStores);
  if (stores.length > 1)
    throw new CliError(exitCode.usage, `Say where to make it: --store ${stores.join(' or --store ')}.`);
  const { openAdapters } = await import('../adapters/open.js');
  const { flagStores } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  for (const [storeId, store] of flagStores)
    return { storeId, store, environment: 'unknown', record: await store.read(key) };
  throw new CliError(exitCode.usage, 'The configuration has no flag store.');
}

function refuseOtherRevision({ record, storeId }: FoundFlag, expected: string | undefined): void {
  if (expected === undefined || expected === record.revision || expected === shortRevision(record.revision)) return;
  throw new CliError(
    exitCode.refused,
    `${record.key} in ${storeId} is at revision ${shortRevision(record.revision)} (${formatPercent(record.percent)}), not at ${expected}: somebody changed it. Nothing was written. Look again: holdpoint flag status ${record.key}`,
  );
}

/** Before a dry run promises it. */
function refuseBetweenSteps({ record, store, storeId }: FoundFlag, percent: number): void {
  const { percentStep } = store.capabilities;
  if (isMultiple(percent, percentStep)) return;
  throw new CliError(
    exitCode.refused,
    `${record.key} cannot be set to ${formatPercent(percent)}: flag store ${storeId} knows only steps of ${percentStep} %. Nothing was written.`,
  );
}

async function standingOf(
  config: Config,
  { store, storeId, record }: FoundFlag,
  rollout: string | null,
): Promise<{ readonly standing: RolloutStanding; readonly why: string }> {
  // A store that notes no owner leaves only Temporal to tell.
  if (rollout === null && store.capabilities.owner) return { standing: 'not-open', why: '' };
  const { openRolloutClient } = await import('../rollout-client.js');
  try {
    const client = await openRolloutClient(config.temporal);
    try {
      const asked = await client.find(rollout ?? record.key);
      const isOurs = asked.open && (rollout !== null || (await client.plan(asked)).flag.store === storeId);
      return { standing: isOurs ? 'open' : 'not-open', why: '' };
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof RolloutError && error.kind === 'ambiguous') return { standing: 'open', why: '' };
    // Its retention is over, or its server is new: nobody moves the flag any more.
    if (error instanceof RolloutError && error.kind === 'not-found') return { standing: 'not-open', why: '' };
    const expected = toCliError(error);
    if (expected === null) throw error;
    return { standing: 'unknown', why: expected.message };
  }
}

interface Asked {
  readonly percent: number;
  readonly by: string;
  readonly reason: string;
}

async function write(
  { store, storeId, record }: FoundFlag,
  asked: Asked,
): Promise<{ readonly receipt: Receipt; readonly revision: string }> {
  const { key, fence, revision, owner } = record;
  const outcome = await store.flip({ key, ...asked, owner: null, replaces: owner, fence, expectedRevision: revision });
  if (outcome.kind === 'written') return { receipt: outcome.receipt, revision: outcome.record.revision };
  throw new CliError(
    exitCode.refused,
    `${key} in ${storeId} changed in the meantime (${outcome.why}): it is at ${formatPercent(outcome.record.percent)} now. Nothing was written. Look again: holdpoint flag status ${key}`,
  );
}

function shownOf(
  { storeId, record }: FoundFlag,
  { percent, by, reason }: Asked,
): Pick<ShownSet, 'store' | 'key' | 'isNew' | 'before' | 'after' | 'by' | 'reason'> {
  const { key, exists, fence, owner, revision } = record;
  return {
    store: storeId,
    key,
    isNew: !exists,
    before: { percent: record.percent, fence, owner, revision },
    after: { percent, fence: fence + 1, owner: null, revision: null },
    by,
    reason,
  };
}
