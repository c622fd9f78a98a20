/** Everything one look or gate rests on: facts only, no judgement. */
import { digestOf } from './digest.js';
import type { FlagRecord } from './flag-record.js';
import type { Sample } from './sample.js';
import type { SmokeOutcome } from './smoke-outcome.js';
import type { Streaks } from './streak.js';

/** What the store held when the evidence was taken. */
export interface FlagReading {
  readonly percent: number | null;
  readonly fence: number;
  readonly revision: string;
  readonly owner: string | null;
}

export const flagReading = ({ percent, fence, revision, owner }: FlagRecord): FlagReading => ({
  percent,
  fence,
  revision,
  owner,
});

export interface Evidence {
  /** ISO instant. */
  readonly at: string;
  /** 0 is preflight, 1 the first stage. */
  readonly stage: number;
  /** The percentage the rollout wants. */
  readonly percent: number;
  /** ISO instant of the stage's proven flip; null in preflight. */
  readonly flippedAt: string | null;
  /** What this evidence decides: `watch` a look between hold points, `gate` a hold point. */
  readonly scope: 'watch' | 'gate';
  readonly flag: FlagReading | null;
  /** In the order they were taken; several of one check only in a breach. */
  readonly samples: readonly Sample[];
  readonly smoke: readonly SmokeOutcome[];
  /** Failing windows in a row before these samples. */
  readonly streaks: Streaks;
}

/** What a person's decision is bound to. */
export const evidenceDigest = (evidence: Evidence): string => digestOf(evidence);
