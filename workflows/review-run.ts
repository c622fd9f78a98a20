/** What one review knows, and how it notes and tells. */
import { workflowInfo } from '@temporalio/workflow';
import type { AnnouncementKind } from '../src/core/announcement.js';
import { nextEntry, type AuditEntry, type AuditKind } from '../src/core/audit.js';
import { iso } from '../src/core/instant.js';
import { planWithoutStages, everyChannel } from '../src/core/revert.js';
import type { Plan } from '../src/core/plan.js';
import { reviewItem, type Reviewed, type ReviewInput, type ReviewStatus } from '../src/core/review.js';
import { records } from './activity-proxies.js';
import { rootMessage } from './root-message.js';

export interface ReviewRun {
  readonly input: ReviewInput;
  readonly workflowId: string;
  readonly runId: string;
  readonly plan: Plan;
  audit: AuditEntry[];
  /** Epoch milliseconds. */
  untilMs: number;
  late: boolean;
  reviewed: Reviewed | null;
  refusals: number;
  announcements: number;
  telling: number;
}

export function openReviewRun(input: ReviewInput): ReviewRun {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const { store, key, breakGlass, channels = [everyChannel] } = input;
  return {
    input,
    workflowId,
    runId: firstExecutionRunId,
    plan: planWithoutStages(reviewItem, { store, environment: breakGlass.environment, key }, channels),
    audit: [],
    untilMs: Date.now(),
    late: false,
    reviewed: null,
    refusals: 0,
    announcements: 0,
    telling: 0,
  };
}

export function note(run: ReviewRun, kind: AuditKind, data: Readonly<Record<string, unknown>>): void {
  run.audit.push(nextEntry(run.audit, { at: iso(Date.now()), kind, data }));
}

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
        note(run, 'trouble', { what: 'announcement not delivered', channel, kind, error: rootMessage(error) }),
      )
      .finally(() => {
        run.telling -= 1;
      });
  }
}
