/** Updates that readers were promised: listed without asking a worker. */
import { promiseMemo, type PromisedUpdate } from './core/comms.js';
import type { TemporalReach } from './temporal-reach.js';

export interface PromiseSummary extends PromisedUpdate {
  readonly kind: 'promise';
  /** Workflow id of the messages. */
  readonly comms: string;
  /** `late`: the time has come, and the update has not. */
  readonly state: 'owed' | 'late';
}

const listMs = 5_000;

/** The one that is due first comes first. @param flag - `<environment>/<flag key>`; null: of every flag. */
export async function listPromises(reach: TemporalReach, flag: string | null): Promise<PromiseSummary[]> {
  const all = await reach.ask({
    what: 'The list of promised updates',
    limitMs: listMs,
    run: async (client) => {
      const found: PromiseSummary[] = [];
      const query = `WorkflowType = 'comms' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId: comms, memo } of client.workflow.list({ query })) {
        const promised = memo?.[promiseMemo] as PromisedUpdate | null | undefined;
        if (promised == null) continue;
        const state = Date.parse(promised.nextUpdateAt) > Date.now() ? 'owed' : 'late';
        found.push({ kind: 'promise', comms, ...promised, state });
      }
      return found;
    },
  });
  return all
    .filter((one) => flag === null || flag === `${one.environment}/${one.flag}`)
    .toSorted((a, b) => a.nextUpdateAt.localeCompare(b.nextUpdateAt));
}
