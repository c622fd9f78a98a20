/** What an act plays with: the machine, the way to talk to a rollout, and the story it is told in. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../core/plan.js';
import type { Machine } from '../dev/machine.js';
import type { RolloutClient } from '../rollout-client.js';
import type { Story } from './story.js';

export interface Scene {
  readonly machine: Machine;
  readonly client: RolloutClient;
  readonly plan: Plan;
  readonly story: Story;
  /** What was told in full before is told in short: no quiet lines, no numbers that pass. */
  readonly isBrief: boolean;
  /** Aborted when the demo is to end. */
  readonly signal: AbortSignal;
}

/** So that a reader can follow. */
export const pause = ({ signal }: Pick<Scene, 'signal'>, ms: number): Promise<void> => sleep(ms, undefined, { signal });
