/** What the doctor's checks are given to look with. */
import type { MetricsSource } from '../adapters/metrics/metrics-source.js';
import type { Adapters } from '../adapters/open.js';
import type { Config } from '../config.js';
import type { Plan } from '../core/plan.js';
import type { Problem } from '../documents/problem.js';
import type { Environment } from '../fill-environment.js';
import { RolloutError } from '../rollout-error.js';
import type { TemporalReach } from '../temporal-reach.js';
import type { EnteredTemporal } from './enter-temporal.js';
import { warn, type DoctorLine } from './line.js';

export interface Place {
  readonly config: Config;
  readonly env: Environment;
  readonly adapters: Adapters;
  /** The same source, asked with less patience: a round of many queries may take twice as long. */
  readonly quickMetrics: MetricsSource;
  /** One connection for every check; rejects with `RolloutError` when there is none. */
  readonly temporal: Promise<EnteredTemporal>;
  readonly plan: PlanAtHand | null;
}

/** The plan that shall be started here. */
export interface PlanAtHand {
  readonly plan: Plan;
  /** Ids it names and the configuration does not have. */
  readonly problems: readonly Problem[];
}

/** One look at one thing. */
export interface Check {
  readonly about: string;
  /** What it means when the check does not end in time. */
  readonly silence: 'unreachable' | 'wrong';
  /** May throw `RolloutError` and `AdapterError`: those become a line. */
  readonly look: (place: Place) => Promise<readonly DoctorLine[]>;
}

/** Of one call, so that two fit into a check's time. */
export const callMs = 2_000;

/** The server's own check says what is wrong with it; the others only say that they cannot tell. */
export async function askTemporal(
  about: string,
  { temporal }: Place,
  ask: (reach: TemporalReach) => Promise<readonly DoctorLine[]>,
): Promise<readonly DoctorLine[]> {
  let entered: EnteredTemporal;
  try {
    entered = await temporal;
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return [warn(about, 'cannot tell while Temporal does not answer', null)];
  }
  return ask(entered.reach);
}
