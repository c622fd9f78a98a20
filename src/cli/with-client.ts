/** A command's way to the rollouts: configuration, connection, the rollout it names; closed whatever happens. */
import type { Config } from '../config.js';
import type { RolloutSummary } from '../find-rollout.js';
import type { RolloutClient } from '../rollout-client.js';
import { openConfig, type ConfigOption } from './open-config.js';
import type { Terminal } from './terminal.js';

export interface Reached {
  readonly client: RolloutClient;
  readonly config: Config;
}

export interface ReachedRollout extends Reached {
  readonly rollout: RolloutSummary;
}

export async function withClient<T>(
  terminal: Terminal,
  option: ConfigOption,
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  const config = await openConfig(terminal, option);
  const { openRolloutClient } = await import('../rollout-client.js');
  const client = await openRolloutClient(config.temporal);
  try {
    return await work({ client, config });
  } finally {
    await client.close();
  }
}

export interface RolloutOption extends ConfigOption {
  /** As the person typed it; left out: the only open one. */
  readonly rollout: string | undefined;
}

export function withRollout<T>(
  terminal: Terminal,
  option: RolloutOption,
  work: (reached: ReachedRollout) => Promise<T>,
): Promise<T> {
  return withClient(terminal, option, async (reached) =>
    work({ ...reached, rollout: await reached.client.find(option.rollout ?? null) }),
  );
}
