/** Writing the safe state without Temporal: always a person's explicit choice, noted in the flag's record and log. */
import { randomUUID } from 'node:crypto';
import type { FlagStore, SafeStateRequest } from '../adapters/flags/flag-store.js';
import { breakGlassOwner, type BreakGlass, type Receipt } from '../core/flag-record.js';
import { longestFlipMs } from '../core/write-times.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { FoundFlag } from './find-flag.js';

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
