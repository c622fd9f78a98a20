/** The review of a break-glass: asks until another person has looked, reminds, escalates, and never gives up. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { auditHead } from '../src/core/audit.js';
import { formatClock, formatInstant } from '../src/core/instant.js';
import { searchAttributes } from '../src/core/names.js';
import { reviewCard } from '../src/core/review-card.js';
import {
  readReview,
  reviewItem,
  reviewPack,
  reviewReport,
  type Reviewed,
  type ReviewInput,
  type ReviewResult,
  type ReviewTerms,
} from '../src/core/review.js';
import type { RolloutResult } from '../src/core/rollout-shapes.js';
import { records } from './activity-proxies.js';
import { rootMessage } from './root-message.js';
import { registerReview } from './review-handlers.js';
import { note, openReviewRun, reviewStatus, tellReview, type ReviewRun } from './review-run.js';

/** Cancelling it would be a review by nobody: like a rollback it cannot be talked out of what it is for. */
export async function review(input: ReviewInput): Promise<ReviewResult> {
  const read = readReview(input);
  if (read === null) throw ApplicationFailure.nonRetryable('A review needs to know the break-glass.', 'MalformedInput');
  const run = openReviewRun(read);
  registerReview(run);
  return CancellationScope.nonCancellable(() => untilReviewed(run));
}

async function untilReviewed(run: ReviewRun): Promise<ReviewResult> {
  const { workflowId, runId, plan } = run;
  const { by, reason, at } = run.input.breakGlass;
  note(run, 'started', {
    rollout: workflowId,
    runId,
    plan: plan.name,
    planDigest: plan.digest,
    by,
    reason,
    brokenAt: at,
  });
  const { terms, reviewedBefore } = await askGround(run);
  if (reviewedBefore) return { outcome: 'reviewed-before', pack: reviewPack(run.input) };
  run.untilMs = Date.parse(at) + terms.deadlineMs;
  present(run, 'asking');
  ask(run, 'asked');
  await waitForAnother(run, terms);
  const { reviewed } = run;
  if (reviewed === null) throw ApplicationFailure.nonRetryable('A review cannot end without one.', 'Impossible');
  return close(run, reviewed);
}

const fallbackTerms: ReviewTerms = { deadlineMs: 24 * 60 * 60_000, remindEveryMs: 8 * 60 * 60_000 };

/** A worker whose archive does not answer must not keep people from being asked. */
async function askGround(run: ReviewRun) {
  try {
    return await records('terms of the review').reviewGround({ report: reviewReport(run.input) });
  } catch (error) {
    note(run, 'trouble', { what: 'the archive could not be asked', detail: rootMessage(error) });
    return { terms: fallbackTerms, reviewedBefore: false };
  }
}

async function waitForAnother(run: ReviewRun, { remindEveryMs }: ReviewTerms): Promise<void> {
  for (;;) {
    const now = Date.now();
    const waitMs = run.late ? remindEveryMs : Math.min(remindEveryMs, run.untilMs - now);
    const summary = `for another person than ${run.input.breakGlass.by}`;
    if (await condition(() => run.reviewed !== null, Math.max(1, waitMs), { summary })) return;
    if (!run.late && Date.now() >= run.untilMs) {
      run.late = true;
      note(run, 'deadline', { of: 'review', action: 'escalate' });
      present(run, 'needs-a-human');
      ask(run, 'escalation');
    } else ask(run, run.late ? 'escalation' : 'reminder');
  }
}

function ask(run: ReviewRun, kind: 'asked' | 'reminder' | 'escalation'): void {
  const { key, breakGlass } = run.input;
  const { by, at, environment } = breakGlass;
  const wanted = run.late ? 'Nobody has reviewed it in time.' : `Wanted until ${formatClock(run.untilMs, Date.now())}.`;
  tellReview(run, kind, {
    what: `${by} took ${key} back without Temporal ${formatInstant(at)}: another person has to review it.`,
    next: `${wanted} To answer: holdpoint attest ${reviewItem} ${environment}/${key} --note "what you found"`,
    who: run.late ? ['on-call', 'engineering-manager'] : ['on-call'],
  });
}

const stateKey = defineSearchAttributeKey(searchAttributes.state, 'KEYWORD');

function present(run: ReviewRun, state: 'asking' | 'needs-a-human' | 'completed'): void {
  upsertSearchAttributes([
    { key: stateKey, value: state },
    ...(workflowInfo().typedSearchAttributes.get(flagKey) === undefined ? findable(run) : []),
  ]);
  setCurrentDetails(reviewCard(reviewStatus(run)));
}

const flagKey = defineSearchAttributeKey(searchAttributes.flag, 'KEYWORD');
const environmentKey = defineSearchAttributeKey(searchAttributes.environment, 'KEYWORD');

const findable = ({ input }: ReviewRun) => [
  { key: flagKey, value: input.key },
  { key: environmentKey, value: input.breakGlass.environment },
];

/** How long the close waits for archive and announcements. */
const patienceMs = 60_000;

async function close(run: ReviewRun, reviewed: Reviewed): Promise<ReviewResult> {
  const { key, breakGlass } = run.input;
  const reason = `${reviewed.by} reviewed the break-glass of ${key} by ${breakGlass.by}${reviewed.note === null ? '.' : `: ${reviewed.note}`}`;
  note(run, 'closed', { outcome: 'completed', percent: 0, reason });
  present(run, 'completed');
  tellReview(run, 'completed', { what: reason, next: 'The review is closed.', who: [] });
  const result: ReviewResult = { outcome: 'reviewed', ...reviewed, auditHead: auditHead(run.audit) };
  run.telling += 1;
  void exportPack(run, {
    outcome: 'completed',
    percent: 0,
    reason,
    auditHead: result.auditHead,
    receipt: null,
  }).finally(() => {
    run.telling -= 1;
  });
  await condition(() => run.telling === 0, patienceMs, { summary: 'writing the records' });
  await condition(allHandlersFinished);
  return result;
}

async function exportPack(run: ReviewRun, result: RolloutResult): Promise<void> {
  const { plan, workflowId: rollout, runId } = run;
  try {
    await records('the pack of the review').exportRecords({
      pack: reviewPack(run.input),
      plan,
      entries: [...run.audit],
      result,
      rollout,
      runId,
    });
  } catch (error) {
    note(run, 'trouble', { what: 'the pack was not written', detail: rootMessage(error) });
  }
}
