/** `holdpoint flag status`: what flags are at, and who owns them, as the stores say; Temporal is not asked. */
import type { Command } from 'commander';
import type { FlagRecord } from '../../core/flag-record.js';
import { toCliError, type CliError } from '../cli-error.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { findFlag } from '../find-flag.js';
import { onlyStore, withStore } from '../one-store.js';
import { openConfig } from '../open-config.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderFlag, renderFlags, type ShownFlag } from '../render/flags.js';
import type { Terminal } from '../terminal.js';

interface StatusOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly store?: string;
}

export function addFlagStatus({ terminal, ended }: Program, command: Command): void {
  withStore(withReach(command))
    .argument('[flag]', 'flag key (default: every flag)')
    .action(async (name: string | undefined, options: StatusOptions) => {
      if (name === undefined) ended(await showAll(terminal, options));
      else await showOne(terminal, name, options);
    });
}

const shown = (store: string, record: FlagRecord): ShownFlag => ({ store, ...record });

async function showOne(terminal: Terminal, name: string, options: StatusOptions): Promise<void> {
  const config = onlyStore(await openConfig(terminal, options), options.store);
  const { storeId, record } = await findFlag(terminal, config, name);
  const flag = shown(storeId, record);
  terminal.data(options.json === true ? JSON.stringify(flag, null, 2) : renderFlag(plain(flag), terminal.paint));
}

/** A store that is broken must not hide the flags of another one. */
async function showAll(terminal: Terminal, options: StatusOptions): Promise<ExitCode> {
  const config = onlyStore(await openConfig(terminal, options), options.store);
  const { openAdapters } = await import('../../adapters/open.js');
  const { flagStores } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  const flags: ShownFlag[] = [];
  const troubles: CliError[] = [];
  for (const [id, store] of flagStores) {
    try {
      flags.push(...(await store.list()).map((record) => shown(id, record)));
    } catch (error) {
      const expected = toCliError(error);
      if (expected === null) throw error;
      troubles.push(expected);
    }
  }
  if (options.json === true) terminal.data(JSON.stringify(flags, null, 2));
  else if (flags.length > 0 || troubles.length === 0) terminal.data(renderFlags(plain(flags), terminal.paint));
  for (const { message } of troubles) terminal.talk(plain(message));
  return troubles[0]?.code ?? exitCode.done;
}
