/** `holdpoint rollback --break-glass`: nothing of Temporal is asked before the flag is back. */
import { formatPercent } from '../core/number-text.js';
import { leaveInPeace } from './after-writes.js';
import { breakTheGlass } from './break-glass.js';
import { CliError } from './cli-error.js';
import { confirm } from './confirm.js';
import { exitCode } from './exit-code.js';
import { findFlagToTakeBack } from './find-flag.js';
import { onlyStore } from './one-store.js';
import { openConfig } from './open-config.js';
import { openReview } from './open-review.js';
import { whoAmI } from './person.js';
import { plain } from './plain.js';
import { dryRunOf, renderDryRun } from './render/dry-run.js';
import { sayReceipt } from './say-receipt.js';
import type { Terminal } from './terminal.js';

interface DirectOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly store?: string;
}

export async function rollBackDirectly(
  terminal: Terminal,
  name: string | undefined,
  options: DirectOptions,
): Promise<void> {
  const who = { by: whoAmI(terminal, options), reason: options.reason };
  if (name === undefined)
    throw new CliError(exitCode.usage, 'Name the flag: holdpoint rollback <flag key> --break-glass');
  const config = onlyStore(await openConfig(terminal, options), options.store);
  const flag = await findFlagToTakeBack(terminal, config, name);
  if (options.dryRun === true) {
    const run = dryRunOf(flag, who);
    terminal.data(options.json === true ? JSON.stringify(run, null, 2) : renderDryRun(plain(run), terminal.paint));
    return;
  }
  const { key, percent } = flag.record;
  await confirm(
    terminal,
    plain(`Write ${key} in ${flag.storeId} (at ${formatPercent(percent)}) to 0 % now, without Temporal?`),
    options,
  );
  if (!flag.store.capabilities.fence)
    terminal.talk(
      'This store has no fence: after the write it is watched for five seconds, so that no flip lands late.',
    );
  const askedAtMs = performance.now();
  const { receipt, breakGlass } = await breakTheGlass(flag, who);
  const tookMs = Math.round(performance.now() - askedAtMs);
  const note = 'Written without Temporal. An open rollout of this flag notices, proves it and closes as rolled-back.';
  sayReceipt(
    terminal,
    { name: `${flag.storeId}/${key}`, answer: { written: true, ...receipt }, tookMs, note },
    options,
  );
  terminal.talk(plain(await openReview(config, { store: flag.storeId, key, breakGlass })));
  await leaveInPeace();
}
