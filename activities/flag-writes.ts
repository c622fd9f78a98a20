/** The only writers of the flag. */
import { ApplicationFailure } from '@temporalio/common';
import type { WriteOutcome } from '../src/adapters/flags/flag-store.js';
import { staleEvidence } from '../src/core/names.js';
import { longestFlipMs } from '../src/core/write-times.js';
import type { ActivityDeps } from './deps.js';
import type { ClaimInput, FlagAddress, FlipInput, SafeStateAnswer, SafeStateInput } from './facts.js';
import { configured, withFailures } from './failures.js';

export function createFlagWrites(deps: ActivityDeps) {
  const storeOf = ({ store }: FlagAddress) => configured(deps.flagStores, store, 'flag store');
  return {
    claimFlag: (input: ClaimInput): Promise<WriteOutcome> =>
      withFailures(async () => {
        const store = storeOf(input);
        const { owner } = await store.read(input.key);
        const { key, safeState, by, reason } = input;
        const replaces = owner !== null && (await isClosed(deps, input, owner)) ? owner : null;
        return store.claim({ key, owner: input.owner, replaces, safeState, by, reason });
      }),
    flipFlag: ({ store, freshUntil, ...request }: FlipInput): Promise<WriteOutcome> =>
      withFailures(async () => {
        refuseStale(deps.now(), request.percent, freshUntil);
        return storeOf({ store, key: request.key }).flip(request);
      }),
    writeSafeState: ({ store: id, ...request }: SafeStateInput): Promise<SafeStateAnswer> =>
      withFailures(async () => {
        const store = storeOf({ store: id, key: request.key });
        const outcome = await store.writeSafeState(request);
        return store.capabilities.fence ? outcome : { ...outcome, settleMs: longestFlipMs };
      }, nothingIsHopeless),
  };
}

/**
 * The workflow has asked already whether its evidence is fresh, by its own clock. That clock stands still between its
 * tasks: one that is carried out long after it was decided on must not move anybody.
 */
function refuseStale(nowMs: number, percent: number, freshUntil: string | null): void {
  if (freshUntil === null || nowMs <= Date.parse(freshUntil)) return;
  throw ApplicationFailure.nonRetryable(
    `the evidence for ${percent} % was good until ${freshUntil}, and it is ${new Date(nowMs).toISOString()}`,
    staleEvidence,
  );
}

/** On the way back: a worker that was deployed without the store is soon replaced by one that has it. */
const nothingIsHopeless = (): boolean => false;

/**
 * One open run per workflow id is the server's promise, so an earlier run of our own id is closed. A break-glass is
 * over once it wrote.
 */
async function isClosed(deps: ActivityDeps, input: ClaimInput, owner: string): Promise<boolean> {
  if (owner.startsWith(`${input.workflowId}@`) || owner.startsWith('break-glass:')) return true;
  return !(await deps.isOwnerOpen(owner));
}
