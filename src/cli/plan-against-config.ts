/** Whether the configuration has what a plan names: flag store, smoke suites, channels. */
import type { Config } from '../config.js';
import type { Problem } from '../documents/problem.js';
import { checkAgainstConfig } from '../plan/against-config.js';
import type { GoodPlan } from './open-plan.js';

export const planAgainstConfig = (loaded: GoodPlan, { file, flagStores, smoke, channels }: Config): Problem[] =>
  checkAgainstConfig(loaded, {
    file,
    flagStores: Object.keys(flagStores),
    smoke: Object.keys(smoke),
    channels: Object.keys(channels),
  });
