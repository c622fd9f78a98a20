/** `holdpoint rollback`: back to 0 %, with the receipt and the time it took. */
import type { Command } from 'commander';
import { breakGlass, findFlag } from '../break-glass.js';
import { CliError, toCliError } from '../cli-error.js';
import { confirm } from '../confirm.js';
import { exitCode } from '../exit-code.js';
import { openConfig } from '../open-config.js';
import { rolloutHelp, withBy, withReach, withYes } from '../options.js';
import { whoAmI } from '../person.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderReceipt, type ReceiptView } from '../render/receipt.js';
import { formatPercent } from '../../core/number-text.js';
import type { Terminal } from '../terminal.js';
import { withRollout } from '../with-client.js';

interface RollbackOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
  readonly yes?: boolean;
  readonly breakGlass?: boolean;
}

export function addRollback({ terminal }: Program, command: Command): void {
  withYes(withBy(withReach(command)))
    .argument('[rollout]', rolloutHelp)
    .option('--reason <text>', 'why', 'no reason given')
    .option('--break-glass', 'write the flag directly, without Temporal')
    .action((name: string | undefined, options: RollbackOptions) =>
      options.breakGlass === true ? rollBackDirectly(terminal, name, options) : rollBack(terminal, name, options),
    );
}

async function rollBack(terminal: Terminal, name: string | undefined, options: RollbackOptions): Promise<void> {
  const by = whoAmI(terminal, options);
  try {
    await withRollout(terminal, { ...options, rollout: name }, async ({ client, rollout }) => {
      const { environment, flag, state, percent } = rollout;
      const named = `${environment}/${flag}`;
      await confirm(terminal, plain(`Take ${named} (${state} at ${formatPercent(percent)}) back to 0 % now?`), options);
      const reply = await client.rollback(rollout, { by, reason: options.reason });
      const note = {
        signal: undefined,
        cancel: 'The signal was refused, so the workflow was cancelled: that takes the flag back, too.',
        before: `It was taken back before; this is that receipt. If the flag is up again: holdpoint rollback ${named} --break-glass`,
      }[reply.by];
      const tookMs = reply.by === 'before' ? null : reply.tookMs;
      say(terminal, { name: named, answer: reply.answer, tookMs, ...(note === undefined ? {} : { note }) }, options);
    });
  } catch (error) {
    const expected = toCliError(error);
    if (expected?.code !== exitCode.unreachable) throw error;
    const command = `holdpoint rollback ${name ?? '<flag key>'} --break-glass --reason "why"`;
    throw new CliError(expected.code, `${expected.message}\nTo write the safe state now, without Temporal: ${command}`);
  }
}

async function rollBackDirectly(terminal: Terminal, name: string | undefined, options: RollbackOptions): Promise<void> {
  const by = whoAmI(terminal, options);
  if (name === undefined)
    throw new CliError(exitCode.usage, 'Name the flag: holdpoint rollback <flag key> --break-glass');
  const flag = await findFlag(terminal, await openConfig(terminal, options), name);
  const { key, percent } = flag.record;
  await confirm(
    terminal,
    plain(`Write ${key} in ${flag.storeId} (at ${formatPercent(percent)}) to 0 % now, without Temporal?`),
    options,
  );
  const askedAtMs = performance.now();
  const receipt = await breakGlass(flag, { by, reason: options.reason });
  const tookMs = Math.round(performance.now() - askedAtMs);
  const note = 'Written without Temporal. An open rollout of this flag notices, proves it and closes as rolled-back.';
  say(terminal, { name: `${flag.storeId}/${key}`, answer: { written: true, ...receipt }, tookMs, note }, options);
}

function say(terminal: Terminal, view: ReceiptView, { json }: RollbackOptions): void {
  const { answer, tookMs } = view;
  terminal.data(
    json === true ? JSON.stringify({ ...answer, tookMs }, null, 2) : renderReceipt(plain(view), terminal.paint),
  );
}
