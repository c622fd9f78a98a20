/** What one review knows, and how it notes and tells. */
import { workflowInfo } from '@temporalio/workflow';
import { iso } from '../src/core/instant.js';
import { planWithoutStages, everyChannel } from '../src/core/revert.js';
import {
  reviewItem,
  reviewPack,
  type Reviewed,
  type ReviewInput,
  type ReviewStatus,
  type ReviewTerms,
} from '../src/core/review.js';
import { handOn } from './going-on.js';
import { onlyEventsCount } from './only-events-count.js';
import { freshRecords, type Recorded, type Records } from './recording.js';

export interface ReviewRun extends ReviewCarried, Recorded {
  readonly input: ReviewInput;
}

/** What a run hands to the next one when its history grows long: JSON, all of it. */
export interface ReviewCarried extends Records {
  /** Null until the worker was asked. */
  terms: ReviewTerms | null;
  /** Epoch milliseconds. */
  untilMs: number;
  /** When people were asked last. */
  askedMs: number;
  late: boolean;
  reviewed: Reviewed | null;
  refusals: number;
}

export function openReviewRun(input: ReviewInput, carried: ReviewCarried | undefined): ReviewRun {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const { store, key, breakGlass, channels = [everyChannel] } = input;
  return {
    ...freshRecords(),
    terms: null,
    untilMs: Date.now(),
    askedMs: 0,
    late: false,
    reviewed: null,
    refusals: 0,
    ...carried,
    input,
    workflowId,
    runId: firstExecutionRunId,
    plan: planWithoutStages(reviewItem, { store, environment: breakGlass.environment, key }, channels),
    pack: reviewPack(input),
    telling: 0,
    onlyEventsCount: onlyEventsCount(),
  };
}

export const carriedReview = (run: ReviewRun): ReviewCarried =>
  handOn<ReviewCarried, ReviewRun>(run, {
    input: true,
    workflowId: true,
    runId: true,
    plan: true,
    pack: true,
    telling: true,
    onlyEventsCount: true,
  });

export function reviewStatus({ input, workflowId, untilMs, late, reviewed }: ReviewRun): ReviewStatus {
  const { key, breakGlass } = input;
  return {
    review: workflowId,
    flag: key,
    environment: breakGlass.environment,
    brokenBy: breakGlass.by,
    reason: breakGlass.reason,
    brokenAt: breakGlass.at,
    state: reviewed !== null ? 'completed' : late ? 'needs-a-human' : 'asking',
    until: iso(untilMs),
    reviewed,
  };
}

/** What the announcements of a review have in common. */
export const reviewWords = ({ input: { breakGlass } }: ReviewRun) => ({
  since: breakGlass.at,
  why: breakGlass.reason,
});
