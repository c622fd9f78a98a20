/** One flag, looked for in the flag stores of the configuration: of several, the one that the name means. */
import type { FlagStore } from '../adapters/flags/flag-store.js';
import type { Config } from '../config.js';
import type { FlagRecord } from '../core/flag-record.js';
import { rolloutOwner } from '../core/names.js';
import { CliError, toCliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import { plain } from './plain.js';
import type { Terminal } from './terminal.js';

export interface FoundFlag {
  readonly storeId: string;
  readonly store: FlagStore;
  readonly environment: string;
  readonly record: FlagRecord;
}

/** @param name - a rollout's, as people type it: the flag key may stand behind an environment. */
export async function findFlag(terminal: Terminal, config: Config, name: string): Promise<FoundFlag> {
  const { openAdapters } = await import('../adapters/open.js');
  const { flagStores } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  // As an owner is shown, it has the run behind it.
  const short = name.replace(/^rollout\/(.+?)(@[^@/]+)?$/, '$1');
  const keys = [...new Set([short, short.slice(short.indexOf('/') + 1)])];
  const found: FoundFlag[] = [];
  const troubles: CliError[] = [];
  for (const [storeId, store] of flagStores) {
    for (const key of keys) {
      try {
        const record = await store.read(key);
        if (record.exists) found.push({ storeId, store, environment: environmentOf(short, record), record });
      } catch (error) {
        // A store that is broken must not keep anybody from the flag in another one.
        const expected = toCliError(error);
        if (expected === null) throw error;
        troubles.push(expected);
      }
    }
  }
  if (found.length === 0) throw notFound(name, [...flagStores.keys()], troubles);
  const only = theOneMeant(name, meant(short, found));
  for (const message of messagesOf(troubles)) terminal.talk(plain(message));
  return only;
}

/** Whose rollout has the name; else whose key is the name; else all. */
function meant(short: string, found: readonly FoundFlag[]): readonly FoundFlag[] {
  const ofRollout = found.filter(({ record }) => rolloutNameOf(record) === short);
  if (ofRollout.length > 0) return ofRollout;
  const exact = found.filter(({ record }) => record.key === short);
  return exact.length > 0 ? exact : found;
}

function theOneMeant(name: string, found: readonly FoundFlag[]): FoundFlag {
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const places = found.map(({ storeId, record }) => `${record.key} in ${storeId}`).join(', ');
  const choices = found.map(({ storeId }) => `--store ${storeId}`).join(' or ');
  throw new CliError(
    exitCode.usage,
    `${name} is in several flag stores: ${places}. Nothing was written. Say which: ${choices}`,
  );
}

/** `<environment>/<flag key>` of the rollout that owns it; null: none does. */
export function rolloutNameOf({ key, owner }: FlagRecord): string | null {
  const parts = rolloutOwner(owner);
  return parts === null ? null : `${parts.environment}/${key}`;
}

/** To be taken back. Of a rollout elsewhere it would be a surprise there, and leave up what was meant. */
export async function findFlagToTakeBack(terminal: Terminal, config: Config, name: string): Promise<FoundFlag> {
  const found = await findFlag(terminal, config, name);
  const { storeId, environment, record } = found;
  const owned = rolloutNameOf(record);
  if (owned === null || owned === `${environment}/${record.key}`) return found;
  throw new CliError(
    exitCode.usage,
    `${record.key} in ${storeId} belongs to the rollout ${owned}, not to ${name}. Nothing was written. If you mean that one, name it so: ${owned}`,
  );
}

function notFound(name: string, stores: readonly string[], troubles: readonly CliError[]): CliError {
  const said = `No flag store of this configuration has ${name} (looked in: ${stores.join(', ')}). Nothing was written.`;
  const [first] = troubles;
  if (first === undefined) return new CliError(exitCode.refused, said);
  const code = troubles.every((trouble) => trouble.code === first.code) ? first.code : exitCode.unreachable;
  return new CliError(code, [...messagesOf(troubles), said].join('\n'));
}

const messagesOf = (troubles: readonly CliError[]): string[] => [...new Set(troubles.map(({ message }) => message))];

/** As typed; else as the owner's workflow id says; else as the last break-glass was told. */
function environmentOf(name: string, { key, owner, breakGlass }: FlagRecord): string {
  if (name !== key && name.endsWith(`/${key}`)) return name.slice(0, -key.length - 1);
  return rolloutOwner(owner)?.environment ?? breakGlass?.environment ?? 'unknown';
}
