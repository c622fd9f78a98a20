/** What one review knows, and how it notes and tells. */
import { workflowInfo } from '@temporalio/workflow';
import type { AnnouncementKind } from '../src/core/announcement.js';
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
import { records } from './activity-proxies.js';
import { handOn } from './going-on.js';
import { freshRecords, record, type Recorded, type Records } from './recording.js';
import { rootMessage } from './root-message.js';

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

interface Telling {
  readonly what: string;
  readonly next: string;
  readonly who: readonly string[];
}

/** Started, never waited for. */
export function tellReview(run: ReviewRun, kind: AnnouncementKind, { what, next, who }: Telling): void {
  const { key, breakGlass } = run.input;
  run.announcements += 1;
  const announcement = {
    id: `${run.runId}/${run.announcements}/${kind}`,
    kind,
    rollout: run.workflowId,
    runId: run.runId,
    flag: key,
    environment: breakGlass.environment,
    plan: run.plan.name,
    at: iso(Date.now()),
    since: breakGlass.at,
    percent: null,
    what,
    why: breakGlass.reason,
    next,
    who,
  };
  for (const channel of run.plan.channels) {
    run.telling += 1;
    void records(`${kind} → ${channel}`)
      .announce({ channel, announcement })
      .catch((error: unknown) =>
        record(run, 'trouble', { what: 'announcement not delivered', channel, kind, error: rootMessage(error) }),
      )
      .finally(() => {
        run.telling -= 1;
      });
  }
}
