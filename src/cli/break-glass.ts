/** Writing the safe state without Temporal: always a person's explicit choice, noted in the flag's record and log. */
import { randomUUID } from 'node:crypto';
import type { FlagStore, SafeStateRequest } from '../adapters/flags/flag-store.js';
import type { Config } from '../config.js';
import { breakGlassOwner, type BreakGlass, type FlagRecord, type Receipt } from '../core/flag-record.js';
import { rolloutOwner } from '../core/names.js';
import { longestFlipMs } from '../core/write-times.js';
import { CliError, toCliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
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
  const short = name.replace(/^rollout\//, '');
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
  const [only] = found;
  if (only === undefined) throw notFound(name, [...flagStores.keys()], troubles);
  if (found.length === 1) return only;
  const places = found.map(({ storeId, record }) => `${record.key} in ${storeId}`).join(', ');
  throw new CliError(
    exitCode.usage,
    `${name} is in several stores: ${places}. Use a configuration with only the one you mean.`,
  );
}

function notFound(name: string, stores: readonly string[], troubles: readonly CliError[]): CliError {
  const said = `No flag store of this configuration has ${name} (looked in: ${stores.join(', ')}). Nothing was written.`;
  const [first] = troubles;
  if (first === undefined) return new CliError(exitCode.refused, said);
  const code = troubles.every((trouble) => trouble.code === first.code) ? first.code : exitCode.unreachable;
  return new CliError(code, [...new Set(troubles.map(({ message }) => message)), said].join('\n'));
}

/** As typed; else as the owner's workflow id says; else as the last break-glass was told. */
function environmentOf(name: string, { key, owner, breakGlass }: FlagRecord): string {
  if (name !== key && name.endsWith(`/${key}`)) return name.slice(0, -key.length - 1);
  return rolloutOwner(owner)?.environment ?? breakGlass?.environment ?? 'unknown';
}

export interface BrokenGlass {
  readonly receipt: Receipt;
  readonly breakGlass: BreakGlass;
}

/** The safe state is what the last claim recorded; without one it is percent 0. */
export async function breakTheGlass(
  { store, record, environment }: FoundFlag,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<BrokenGlass> {
  const breakGlass = { id: randomUUID(), environment, by, reason, at: new Date().toISOString() };
  const request = {
    key: record.key,
    owner: breakGlassOwner(breakGlass),
    safeState: null,
    fence: record.fence,
    asked: 'person',
    breakGlass,
    by,
    reason,
  } as const;
  const outcome = await store.writeSafeState(request);
  if (outcome.kind === 'written') return { receipt: await settle(store, request, outcome.receipt), breakGlass };
  throw new CliError(
    exitCode.refused,
    `The flag store refused the write (${outcome.why}). Take ${record.key} to 0 % by hand, now.`,
  );
}

const lookEveryMs = 500;

/** Without a fence a flip that was under way may still land: read back, and written again, until none can be. */
async function settle(store: FlagStore, request: SafeStateRequest, written: Receipt): Promise<Receipt> {
  let receipt = written;
  const settledAtMs = performance.now() + (store.capabilities.fence ? 0 : longestFlipMs);
  while (performance.now() < settledAtMs) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    // What was written stays written; a store that does not answer now is asked again.
    const outcome = await store.writeSafeState({ ...request, fence: written.fence - 1 }).catch(() => null);
    if (outcome?.kind !== 'written') continue;
    receipt = outcome.repeated === true ? { ...outcome.receipt, writtenAt: receipt.writtenAt } : outcome.receipt;
  }
  return receipt;
}
