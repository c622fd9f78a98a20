/** `holdpoint rollback`: back to 0 %, with the receipt and the time it took. */
import type { Command } from 'commander';
import { rolloutWorkflowId } from '../../core/names.js';
import { formatPercent } from '../../core/number-text.js';
import type { RolloutRef } from '../../find-rollout.js';
import type { RollbackCall } from '../../rollout-client.js';
import { RolloutError } from '../../rollout-error.js';
import { CliError, toCliError } from '../cli-error.js';
import { confirm } from '../confirm.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { findFlagToTakeBack, type FoundFlag } from '../find-flag.js';
import { onlyStore } from '../one-store.js';
import { rolloutHelp, withBy, withReach, withYes } from '../options.js';
import { whoAmI } from '../person.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { rollBackDirectly } from '../roll-back-directly.js';
import { sayReceipt } from '../say-receipt.js';
import type { Terminal } from '../terminal.js';
import { withClient, type Reached } from '../with-client.js';

interface RollbackOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
  readonly yes?: boolean;
  readonly breakGlass?: boolean;
  readonly dryRun?: boolean;
  readonly store?: string;
}

export function addRollback({ terminal, ended }: Program, command: Command): void {
  withYes(withBy(withReach(command)))
    .argument('[rollout]', rolloutHelp)
    .option('--reason <text>', 'why', 'no reason given')
    .option('--break-glass', 'write the flag directly, without Temporal')
    .option('--store <id>', 'flag store that has the flag (default: that of its rollout, or whichever has it)')
    .option('--dry-run', 'with --break-glass: show what would be written, and write nothing')
    .action(async (name: string | undefined, options: RollbackOptions) => {
      if (options.breakGlass === true) return rollBackDirectly(terminal, name, options);
      if (options.dryRun === true)
        throw new CliError(exitCode.usage, '--dry-run goes with --break-glass. Nothing was done.');
      ended(await rollBack(terminal, name, options));
    });
}

const waitForHintMs = 2_000;

async function rollBack(terminal: Terminal, name: string | undefined, options: RollbackOptions): Promise<ExitCode> {
  const by = whoAmI(terminal, options);
  const where = options.store === undefined ? '' : ` --store ${options.store}`;
  const command = `holdpoint rollback ${name ?? '<flag key>'}${where} --break-glass --reason "why"`;
  // Without an answer a person must know the other way long before this gives up.
  const startHint = (): NodeJS.Timeout =>
    setTimeout(() => {
      terminal.talk(
        plain(`No answer yet. It is still being asked for; to write the safe state now, without Temporal: ${command}`),
      );
    }, waitForHintMs);
  let hint = startHint();
  try {
    return await withClient(terminal, options, async (reached) => {
      const { named, state, rollout, flag } = await findTarget(terminal, reached, { name, store: options.store });
      clearTimeout(hint);
      await confirm(terminal, plain(`Take ${named} (${state}) back to 0 % now?`), options);
      hint = startHint();
      const reply = await reached.client.rollback(rollout, { by, reason: options.reason, ...flag });
      const note = {
        signal: undefined,
        cancel: 'The signal was refused, so the workflow was cancelled: that takes the flag back, too.',
        revert: 'No rollout was open: a run of its own did it.',
      }[reply.by];
      const { answer, tookMs } = reply;
      sayReceipt(terminal, { name: named, answer, tookMs, ...(note === undefined ? {} : { note }) }, options);
      return reply.by === 'revert' && !answer.written ? exitCode.refused : exitCode.done;
    });
  } catch (error) {
    const expected = toCliError(error);
    if (expected?.code !== exitCode.unreachable) throw error;
    throw new CliError(expected.code, `${expected.message}\nTo write the safe state now, without Temporal: ${command}`);
  } finally {
    clearTimeout(hint);
  }
}

interface Target {
  /** `<environment>/<flag key>` */
  readonly named: string;
  readonly state: string;
  readonly rollout: RolloutRef;
  readonly flag: Pick<RollbackCall, 'flag'>;
}

interface Sought {
  readonly name: string | undefined;
  readonly store: string | undefined;
}

async function findTarget(terminal: Terminal, reached: Reached, { name, store }: Sought): Promise<Target> {
  const { client, config } = reached;
  if (store !== undefined) {
    const inStore = onlyStore(config, store);
    if (name === undefined) throw new CliError(exitCode.usage, 'Name the flag: holdpoint rollback <flag key> --store');
    return targetIn(await findFlagToTakeBack(terminal, inStore, name));
  }
  try {
    const rollout = await client.findToTakeBack(name ?? null);
    const { environment, flag, state, percent } = rollout;
    return { named: `${environment}/${flag}`, state: `${state} at ${formatPercent(percent)}`, rollout, flag: {} };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.kind !== 'not-found' || name === undefined) throw error;
    // Temporal forgets closed rollouts after a while; the flag store does not.
    const target = targetIn(await findFlagToTakeBack(terminal, config, name));
    return { ...target, state: `${target.state}, of no rollout that Temporal knows` };
  }
}

/** Its rollout is the one that owns the flag; where there is none, a run of its own takes the flag back. */
function targetIn({ storeId, environment, record: { key, percent } }: FoundFlag): Target {
  return {
    named: `${environment}/${key}`,
    state: `${formatPercent(percent)} in ${storeId}`,
    rollout: { rollout: rolloutWorkflowId(environment, key) },
    flag: { flag: { store: storeId, environment, key } },
  };
}
