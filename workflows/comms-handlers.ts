/** Every message that the messages of a flag take. */
import {
  ApplicationFailure,
  CancellationScope,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import { entriesIn } from '../src/core/audit-lines.js';
import { commsClosing, isIncident, readSend, type SendAnswer, type SendMessage } from '../src/core/comms.js';
import { formatInstant } from '../src/core/instant.js';
import { noticeDigest, noticeProblem } from '../src/core/notice.js';
import { readMembers, readName, readText } from '../src/core/person.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { closeUpdate, commsStatusQuery, sendUpdate } from './comms-messages.js';
import { commsStatus, deliver, type CommsRun } from './comms-run.js';
import { auditQuery } from './messages.js';
import { record } from './recording.js';
import { refusalsKept } from './refusals-kept.js';

export function registerComms(run: CommsRun): void {
  setHandler(sendUpdate, (message) => CancellationScope.nonCancellable(() => send(run, readSend(message))), {
    description: 'Send a text that a person has read; holdpoint comms send does it',
    validator: (message) => {
      refuseWhenClosing(run);
      if (readSend(message) === null)
        throw ApplicationFailure.nonRetryable('A message needs a notice and a channel.', 'MalformedMessage');
    },
  });
  setHandler(closeUpdate, (message) => close(run, readMembers(message)), {
    description: 'Say that no update is owed any more: {"by": "your name", "reason": "why"}',
    validator: (message) => {
      refuseWhenClosing(run);
      const { by, reason } = readMembers(message);
      if (readName(by) === null || readText(reason) === null)
        throw ApplicationFailure.nonRetryable('Closing needs "by" and "reason".', 'MalformedMessage');
    },
  });
  setHandler(commsStatusQuery, () => commsStatus(run), { description: 'What was sent, and what is owed' });
  setHandler(auditQuery, () => entriesIn(run.audit.lines), { description: 'The hash-chained list of what happened' });
  setDefaultSignalHandler(
    (name) => void refuse(run, { message: name, by: null, why: 'Messages take no such signal.' }),
  );
  setDefaultUpdateHandler((name) =>
    Promise.resolve(refuse(run, { message: name, by: null, why: `Messages take no ${name}.` })),
  );
}

/** Its records are being written: who sends now starts it anew. */
function refuseWhenClosing({ closing }: CommsRun): void {
  if (closing) throw ApplicationFailure.nonRetryable('It is closing. Send it once more.', commsClosing);
}

interface Refusal {
  readonly message: string;
  readonly by: string | null;
  readonly why: string;
  readonly template?: string;
}

function refuse(run: CommsRun, refusal: Refusal): MessageAnswer {
  run.refusals += 1;
  run.news += 1;
  if (run.refusals <= refusalsKept) record(run, 'refusal', { ...refusal });
  return { accepted: false, reason: refusal.why };
}

async function send(run: CommsRun, message: SendMessage | null): Promise<SendAnswer> {
  // The validator has refused junk before this.
  if (message === null)
    throw ApplicationFailure.nonRetryable('A message needs a notice and a channel.', 'MalformedMessage');
  const { notice, channel } = message;
  const { id, template, by, confirmed, audience } = notice;
  // Within one run the server knows it; here it was sent to an earlier one.
  const earlier = run.sent.find((one) => one.id === id);
  if (earlier !== undefined) return answerTo(message, earlier.delivered);
  const problem = noticeProblem(notice, channel) ?? repeated(run, message);
  if (problem !== null) {
    return { ...refuse(run, { message: 'send', by, why: problem, template }), delivered: false, nextUpdateAt: null };
  }
  record(run, 'message', {
    message: 'send',
    item: `${template} to ${channel.id}`,
    by,
    audience,
    confirmedBy: confirmed?.by,
    digest: noticeDigest(notice),
    subject: notice.subject ?? undefined,
    text: notice.text,
    nextUpdateAt: message.nextUpdateAt ?? undefined,
  });
  if (isIncident(notice)) owe(run, message);
  return answerTo(message, await deliver(run, message));
}

function answerTo({ notice: { template }, channel, nextUpdateAt }: SendMessage, delivered: boolean): SendAnswer {
  const sent = `${template} ${delivered ? 'is with' : 'is not taken yet by'} ${channel.id}${delivered ? '.' : '; it is tried for ten minutes.'}`;
  const promise = nextUpdateAt === null ? '' : ` The next update is owed by ${formatInstant(nextUpdateAt)}.`;
  return { accepted: true, delivered, nextUpdateAt, reason: `${sent}${promise}` };
}

/** The very text, to the very channel: people would read it twice. */
function repeated({ sent }: CommsRun, { notice, channel }: SendMessage): string | null {
  const digest = noticeDigest(notice);
  const before = sent.find((one) => one.channel === channel.id && one.digest === digest);
  return before === undefined
    ? null
    : `${before.by} has sent this very text to ${channel.id} already, ${formatInstant(before.at)}.`;
}

/** The newest promise counts; the last word ends it. */
function owe(run: CommsRun, message: SendMessage): void {
  const { nextUpdateAt, remindBeforeMs } = message;
  run.news += 1;
  const dueMs = nextUpdateAt === null ? null : Date.parse(nextUpdateAt);
  // Who promised it a moment ago needs no reminder yet: then only what does not come is told.
  run.owed =
    dueMs === null
      ? null
      : { message, dueMs, reminded: dueMs - remindBeforeMs <= Date.now(), escalatedMs: null, escalations: 0 };
}

function close(run: CommsRun, members: Readonly<Record<string, unknown>>): MessageAnswer {
  const by = readName(members['by']) ?? 'somebody';
  const reason = readText(members['reason']) ?? 'no reason given';
  if (run.owed === null) return refuse(run, { message: 'close', by, why: 'No update is owed.' });
  record(run, 'message', { message: 'close', by, reason });
  run.owed = null;
  run.news += 1;
  return { accepted: true, reason: 'No update is owed any more.' };
}
