/** Writing the safe state without Temporal: always a person's explicit choice, noted in the store's write log. */
import { randomUUID } from 'node:crypto';
import type { FlagStore } from '../adapters/flags/flag-store.js';
import type { Config } from '../config.js';
import type { FlagRecord, Receipt } from '../core/flag-record.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface FoundFlag {
  readonly storeId: string;
  readonly store: FlagStore;
  readonly record: FlagRecord;
}

/** @param name - a rollout's, as people type it: the flag key may stand behind an environment. */
export async function findFlag(terminal: Terminal, config: Config, name: string): Promise<FoundFlag> {
  const { openAdapters } = await import('../adapters/open.js');
  const { flagStores } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  const short = name.replace(/^rollout\//, '');
  const keys = [...new Set([short, short.slice(short.indexOf('/') + 1)])];
  const found: FoundFlag[] = [];
  for (const [storeId, store] of flagStores) {
    for (const key of keys) {
      const record = await store.read(key);
      if (record.exists) found.push({ storeId, store, record });
    }
  }
  const [only] = found;
  const looked = [...flagStores.keys()].join(', ');
  if (only === undefined) {
    throw new CliError(
      exitCode.refused,
      `No flag store of this configuration has ${name} (looked in: ${looked}). Nothing was written.`,
    );
  }
  if (found.length === 1) return only;
  const places = found.map(({ storeId, record }) => `${record.key} in ${storeId}`).join(', ');
  throw new CliError(
    exitCode.usage,
    `${name} is in several stores: ${places}. Use a configuration with only the one you mean.`,
  );
}

/** The safe state is what the last claim recorded; without one it is percent 0. */
export async function breakGlass(
  { store, record }: FoundFlag,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Receipt> {
  const outcome = await store.writeSafeState({
    key: record.key,
    owner: `break-glass:${randomUUID()}`,
    safeState: record.safeState ?? { percent: 0, set: {} },
    fence: record.fence,
    asked: 'person',
    by,
    reason,
  });
  if (outcome.kind === 'written') return outcome.receipt;
  throw new CliError(
    exitCode.refused,
    `The flag store refused the write (${outcome.why}). Take ${record.key} to 0 % by hand, now.`,
  );
}
