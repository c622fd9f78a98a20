/** The review of a break-glass: asks until another person has looked, reminds, escalates, and never gives up. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { formatClock, formatInstant } from '../src/core/instant.js';
import { searchAttributes } from '../src/core/names.js';
import { reviewCard } from '../src/core/review-card.js';
import {
  readReview,
  reviewItem,
  reviewReport,
  type Reviewed,
  type ReviewInput,
  type ReviewResult,
  type ReviewTerms,
} from '../src/core/review.js';
import { records } from './activity-proxies.js';
import { announce } from './announcing.js';
import { archive } from './archiving.js';
import { becomesLong, comeToRest, muchWasNoted } from './going-on.js';
import { record } from './recording.js';
import { rootMessage } from './root-message.js';
import { registerReview } from './review-handlers.js';
import {
  carriedReview,
  openReviewRun,
  reviewStatus,
  reviewWords,
  type ReviewCarried,
  type ReviewRun,
} from './review-run.js';

/** What it is opened with, and what an earlier run of it hands over. */
type ReviewStart = ReviewInput & { readonly carried?: ReviewCarried };

/** Cancelling it would be a review by nobody: like a rollback it cannot be talked out of what it is for. */
export async function review(input: ReviewStart): Promise<ReviewResult> {
  const read = readReview(input);
  if (read === null) throw ApplicationFailure.nonRetryable('A review needs to know the break-glass.', 'MalformedInput');
  const run = openReviewRun(read, input.carried);
  if (input.carried === undefined) recordStart(run);
  // After its first entry: a message that waits already is taken at once.
  registerReview(run);
  return CancellationScope.nonCancellable(() => untilReviewed(run));
}

function recordStart(run: ReviewRun): void {
  const { workflowId, runId, plan } = run;
  const { by, reason, at } = run.input.breakGlass;
  record(run, 'started', {
    rollout: workflowId,
    runId,
    plan: plan.name,
    planDigest: plan.digest,
    by,
    reason,
    brokenAt: at,
  });
}

async function untilReviewed(run: ReviewRun): Promise<ReviewResult> {
  if (run.terms === null) {
    const { terms, reviewedBefore } = await askGround(run);
    if (reviewedBefore) return { outcome: 'reviewed-before', pack: run.pack };
    run.terms = terms;
    run.untilMs = Date.parse(run.input.breakGlass.at) + terms.deadlineMs;
    present(run, 'asking');
    ask(run, 'asked');
  } else present(run, reviewStatus(run).state);
  return close(run, await waitForAnother(run, run.terms));
}

const fallbackTerms: ReviewTerms = { deadlineMs: 24 * 60 * 60_000, remindEveryMs: 8 * 60 * 60_000 };

/** A worker whose archive does not answer must not keep people from being asked. */
async function askGround(run: ReviewRun) {
  try {
    return await records('terms of the review').reviewGround({ report: reviewReport(run.input) });
  } catch (error) {
    record(run, 'trouble', { what: 'the archive could not be asked', detail: rootMessage(error) });
    return { terms: fallbackTerms, reviewedBefore: false };
  }
}

async function waitForAnother(run: ReviewRun, { remindEveryMs }: ReviewTerms): Promise<Reviewed> {
  for (;;) {
    const isAtRest = await comeToRest(run);
    if (run.reviewed !== null) return run.reviewed;
    // No await between a true `isAtRest` and this: no message is lost.
    if (isAtRest) await continueAsNew<typeof review>({ ...run.input, carried: carriedReview(run) });
    const nextMs = run.late ? run.askedMs + remindEveryMs : Math.min(run.askedMs + remindEveryMs, run.untilMs);
    const summary = `for another person than ${run.input.breakGlass.by}`;
    const mayBeLong = muchWasNoted(run, becomesLong());
    const isOver = (): boolean => run.reviewed !== null || mayBeLong();
    if (await condition(isOver, Math.max(1, nextMs - Date.now()), { summary })) continue;
    if (!run.late && Date.now() >= run.untilMs) {
      run.late = true;
      record(run, 'deadline', { of: 'review', stage: 0, action: 'escalate' });
      present(run, 'needs-a-human');
      ask(run, 'escalation');
    } else ask(run, run.late ? 'escalation' : 'reminder');
  }
}

function ask(run: ReviewRun, kind: 'asked' | 'reminder' | 'escalation'): void {
  const { key, breakGlass } = run.input;
  const { by, at, environment } = breakGlass;
  const wanted = run.late ? 'Nobody has reviewed it in time.' : `Wanted until ${formatClock(run.untilMs, Date.now())}.`;
  run.askedMs = Date.now();
  announce(run, kind, {
    ...reviewWords(run),
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
  record(run, 'closed', { outcome: 'completed', percent: 0, reason });
  const { head } = run.audit;
  present(run, 'completed');
  announce(run, 'completed', { ...reviewWords(run), what: reason, next: 'The review is closed.', who: [] });
  const result = { outcome: 'completed', percent: 0, reason, auditHead: head, receipt: null } as const;
  void archive(run, { summary: 'the pack of the review', result });
  await condition(() => run.telling === 0, patienceMs, { summary: 'writing the records' });
  await condition(allHandlersFinished);
  return { outcome: 'reviewed', ...reviewed, auditHead: head };
}
