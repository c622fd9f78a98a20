/** Every message a review takes: the attestation of another person ends it. */
import { ApplicationFailure, setDefaultSignalHandler, setDefaultUpdateHandler, setHandler } from '@temporalio/workflow';
import { entriesIn } from '../src/core/audit-lines.js';
import { formatInstant, iso } from '../src/core/instant.js';
import { personKey, readMembers, readName, readText } from '../src/core/person.js';
import { reviewItem } from '../src/core/review.js';
import type { MessageAnswer, WhyAnswer } from '../src/core/rollout-shapes.js';
import { attestUpdate, auditQuery, whyQuery } from './messages.js';
import { record } from './recording.js';
import { reviewStatusQuery } from './review-messages.js';
import { reviewStatus, type ReviewRun } from './review-run.js';
import { refusalsKept } from './refusals-kept.js';

export function registerReview(run: ReviewRun): void {
  setHandler(attestUpdate, (message) => attest(run, readMembers(message)), {
    description: `Say that you reviewed what happened; you must be another person than who broke the glass: {"item": "${reviewItem}", "by": "your name", "note": "what you found"}`,
    validator: (message) => {
      const members = readMembers(message);
      if (readName(members['by']) === null || readText(members['item']) === null)
        throw ApplicationFailure.nonRetryable('An attestation needs "item" and "by".', 'MalformedMessage');
    },
  });
  setHandler(reviewStatusQuery, () => reviewStatus(run), { description: 'Who broke the glass, and until when' });
  setHandler(whyQuery, () => why(run), { description: 'Whom it waits for' });
  setHandler(auditQuery, () => entriesIn(run.audit.lines), { description: 'The hash-chained list of what happened' });
  setDefaultSignalHandler(
    (name) => void refuse(run, { message: name, by: null, reason: 'A review takes no such signal.' }),
  );
  setDefaultUpdateHandler((name) =>
    Promise.resolve(refuse(run, { message: name, by: null, reason: `A review takes no message ${name}.` })),
  );
}

interface Refusal {
  readonly message: string;
  readonly by: string | null;
  readonly reason: string;
}

function refuse(run: ReviewRun, { message, by, reason }: Refusal): MessageAnswer {
  run.refusals += 1;
  if (run.refusals <= refusalsKept) record(run, 'refusal', { message, by, why: reason });
  return { accepted: false, reason };
}

function attest(run: ReviewRun, members: Readonly<Record<string, unknown>>): MessageAnswer {
  const by = readName(members['by']) ?? 'somebody';
  const item = readText(members['item']);
  const no = (reason: string): MessageAnswer => refuse(run, { message: 'attest', by, reason });
  const { breakGlass, key } = run.input;
  if (item !== reviewItem) return no(`There is no item ${item ?? ''} here; the only one is ${reviewItem}.`);
  if (run.reviewed !== null)
    return no(`${run.reviewed.by} has reviewed it already, ${formatInstant(run.reviewed.at)}.`);
  if (personKey(by) === personKey(breakGlass.by))
    return no(`${breakGlass.by} broke the glass: another person has to review it.`);
  const text = readText(members['note']);
  run.reviewed = { by, at: iso(Date.now()), note: text };
  record(run, 'message', { message: 'attest', item: reviewItem, by, note: text ?? undefined });
  return { accepted: true, reason: `${by} has reviewed the break-glass of ${key} by ${breakGlass.by}.` };
}

function why({ input, reviewed, untilMs }: ReviewRun): WhyAnswer {
  if (reviewed !== null) return { blockers: [] };
  const sentence = `Another person than ${input.breakGlass.by} has to review the break-glass.`;
  return { blockers: [{ kind: 'checklist', sentence, until: iso(untilMs), who: ['another person'] }] };
}
