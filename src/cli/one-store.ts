/** `--store`: a command's look at one flag store of the configuration instead of all. */
import type { Command } from 'commander';
import type { Config } from '../config.js';
import type { FlagStoreConfig } from '../config-stores.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';

export const withStore = (command: Command): Command =>
  command.option('--store <id>', 'flag store of the configuration (default: whichever has the flag)');

/** The configuration with that store alone; as it is when none is named. */
export function onlyStore(config: Config, id: string | undefined): Config {
  if (id === undefined) return config;
  const store = config.flagStores[id];
  if (store !== undefined && Object.hasOwn(config.flagStores, id)) return { ...config, flagStores: { [id]: store } };
  const names = Object.keys(config.flagStores).join(', ');
  throw new CliError(exitCode.usage, `There is no flag store ${id} in ${config.file}; there are: ${names}.`);
}

/** Its document's path. Other kinds of stores evaluate by themselves, and nobody else can tell what they answer. */
export function documentOf(id: string, store: FlagStoreConfig): string {
  if (store.kind === 'file') return store.path;
  throw new CliError(
    exitCode.refused,
    `Flag store ${id} keeps no flag document: it evaluates flags itself. Ask it with its own client, or name a document with --file.`,
  );
}

/** The only store that keeps one; `--store` tells several apart. */
export function onlyDocument(config: Config): string {
  const stores = Object.entries(config.flagStores);
  const [only] = stores;
  if (only === undefined || stores.length > 1) {
    const names = stores.map(([id]) => id).join(', ');
    throw new CliError(exitCode.usage, `There are several flag stores: ${names}. Name one with --store.`);
  }
  return documentOf(...only);
}
