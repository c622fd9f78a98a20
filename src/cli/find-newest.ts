/** The rollout that a command about the past means. */
import type { RolloutSummary } from '../find-rollout.js';
import type { RolloutClient } from '../rollout-client.js';

/** Mostly asked for after the end: with nothing open and nothing named, the one that ended last. */
export async function findNewest(client: RolloutClient, name: string | undefined): Promise<RolloutSummary> {
  if (name !== undefined) return client.find(name);
  const rollouts = await client.list({ closed: 1 });
  const [last] = rollouts.some(({ open }) => open) ? [] : rollouts;
  return last === undefined ? client.find(null) : ((await client.describe(last)) ?? last);
}
