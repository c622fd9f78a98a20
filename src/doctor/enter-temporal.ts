/** In at the Temporal server and in its namespace, or why not. */
import type { TemporalConfig } from '../config.js';
import { RolloutError } from '../rollout-error.js';
import { openReach, type TemporalReach } from '../temporal-reach.js';

export interface EnteredTemporal {
  readonly reach: TemporalReach;
  readonly serverVersion: string;
  /** How long closed rollouts are kept. 0: the server does not say. */
  readonly retentionMs: number;
}

/** Both together within a line's time. */
const connectMs = 3_000;
const lookMs = 1_500;

/** Throws `RolloutError`. */
export async function enterTemporal(config: TemporalConfig): Promise<EnteredTemporal> {
  const reach = await openReach(config, connectMs);
  const { address, namespace } = reach;
  try {
    const [{ config: kept }, { serverVersion }] = await reach.ask({
      what: `Looking up the namespace ${namespace}`,
      limitMs: lookMs,
      run: ({ workflowService }) =>
        Promise.all([workflowService.describeNamespace({ namespace }), workflowService.getSystemInfo({})]),
    });
    return { reach, serverVersion, retentionMs: Number(kept?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1_000 };
  } catch (error) {
    void reach.close().catch(() => undefined);
    if (!(error instanceof RolloutError) || error.kind !== 'not-found') throw error;
    throw new RolloutError(
      'unreachable',
      `Temporal at ${address} has no namespace "${namespace}". Correct temporal.namespace, or create it: temporal operator namespace create --namespace ${namespace}`,
      { cause: error },
    );
  }
}
