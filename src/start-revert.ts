/** Starting a revert: a rollout that opened meanwhile gets the signal instead, in one step of the server. */
import { rollbackSignal, type RollbackMessage } from '../workflows/messages.js';
import { everyChannel, readRevert, type RevertInput } from './core/revert.js';
import { revertType, startingAttributes, type StartMemo } from './find-rollout.js';
import { RolloutError } from './rollout-error.js';
import { readPlan, withAttributes } from './start-rollout.js';
import type { TemporalReach } from './temporal-reach.js';

/** All that a revert needs to know. */
export interface FlagPlace {
  /** Id of a flag store in the worker's configuration. */
  readonly store: string;
  readonly environment: string;
  readonly key: string;
}

export async function startRevert(
  reach: TemporalReach,
  rollout: string,
  { message, flag }: { readonly message: RollbackMessage; readonly flag: FlagPlace | null },
): Promise<void> {
  const place = await placeOf(reach, rollout, flag);
  const input: RevertInput = { ...place, ...message };
  const plan = readRevert(input, rollout)?.plan;
  const by = message.by ?? 'somebody';
  const memo: StartMemo = { startedBy: by, plan: plan?.name ?? revertType, planDigest: plan?.digest ?? '' };
  await withAttributes(reach, `The rollback of ${rollout}`, () =>
    reach.client.workflow.signalWithStart(revertType, {
      workflowId: rollout,
      taskQueue: reach.taskQueue,
      args: [input],
      signal: rollbackSignal,
      signalArgs: [message],
      workflowTaskTimeout: '5 s',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: startingAttributes(place.key, place.environment),
      memo: { ...memo },
      staticSummary: `back to 0 %: ${place.key} in ${place.environment}`,
    }),
  );
}

/** As the last rollout knew it; as the caller says, when Temporal has forgotten that or nothing can be read of it. */
async function placeOf(
  reach: TemporalReach,
  rollout: string,
  flag: FlagPlace | null,
): Promise<FlagPlace & { readonly channels: readonly string[] }> {
  try {
    const { flag: known, channels } = await readPlan(reach, { rollout });
    const { store, environment, key } = known;
    return { store, environment, key, channels };
  } catch (error) {
    if (flag !== null) return { ...flag, channels: [everyChannel] };
    if (!(error instanceof RolloutError) || error.kind !== 'not-found') throw error;
    throw new RolloutError('not-found', `There is no rollout ${rollout}. See what there is: holdpoint list`);
  }
}
