/** What a worker counts about its rollouts: side effects outside history, through the SDK's sinks. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { Plan } from '../src/core/plan.js';
import type { MoveKind } from '../src/core/move.js';
import type { RolloutState } from '../src/core/rollout-shapes.js';

export interface FlagLabels {
  readonly flag: string;
  readonly environment: string;
}

/** Only `state` is also called during replay: a gauge must come back after a restart, a counter must not count twice. */
export interface RolloutSinks extends Sinks {
  readonly telemetry: {
    state(note: FlagLabels & { state: RolloutState; intended: number; observed: number | null }): void;
    verdict(note: FlagLabels & { outcome: 'pass' | 'fail' | 'inconclusive' }): void;
    move(note: FlagLabels & { move: MoveKind }): void;
    /** Seconds from the request to the phase. */
    rollback(note: FlagLabels & { phase: 'written' | 'proven'; seconds: number }): void;
    lookLateness(note: FlagLabels & { seconds: number }): void;
    /** Seconds between asking people and moving on. */
    humanWait(note: FlagLabels & { seconds: number }): void;
  };
}

export const { telemetry } = proxySinks<RolloutSinks>();

export const flagLabels = ({ flag }: Plan): FlagLabels => ({ flag: flag.key, environment: flag.environment });
