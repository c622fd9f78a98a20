/** What people send about one flag: delivered and recorded; and a promised update is reminded of until it is sent. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
} from '@temporalio/workflow';
import { auditHead } from '../src/core/audit.js';
import { commsPack, readComms, type CommsInput, type CommsResult } from '../src/core/comms.js';
import { formatClock, formatInstant, iso } from '../src/core/instant.js';
import { markdownText } from '../src/core/markdown-text.js';
import { records } from './activity-proxies.js';
import { registerComms } from './comms-handlers.js';
import { noteComms, openCommsRun, tellComms, type CommsRun, type Owed } from './comms-run.js';
import { rootMessage } from './root-message.js';

export async function comms(input: CommsInput): Promise<CommsResult> {
  const read = readComms(input);
  if (read === null) throw ApplicationFailure.nonRetryable('Messages need to know the flag.', 'MalformedInput');
  const run = openCommsRun(read);
  const { workflowId: rollout, runId, plan } = run;
  noteComms(run, 'started', { rollout, runId, plan: plan.name, planDigest: plan.digest, by: 'whoever sends first' });
  // After its first entry: a message that it was started with is taken at once.
  registerComms(run);
  let reason = 'Everything was sent, and nothing is owed.';
  try {
    await untilQuiet(run);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    reason = 'Cancelled: nobody is reminded any more.';
  }
  return CancellationScope.nonCancellable(() => close(run, reason));
}

/** Who started it and sends nothing is not waited for for ever. */
const firstMs = 10 * 60_000;

async function untilQuiet(run: CommsRun): Promise<void> {
  await condition(() => run.news > 0 || run.sent.length > 0, firstMs, { summary: 'for the first message' });
  for (;;) {
    present(run);
    if (run.owed === null) {
      await condition(() => run.owed !== null || (run.telling === 0 && allHandlersFinished()));
      if (run.owed === null) return;
      continue;
    }
    await keepPromise(run, run.owed);
  }
}

/** Until the promise changes, or something is due. */
async function keepPromise(run: CommsRun, owed: Owed): Promise<void> {
  const summary = `the update promised for ${formatInstant(owed.dueMs)}`;
  const waitMs = Math.max(1, nextMs(owed) - Date.now());
  if (await condition(() => run.owed !== owed, waitMs, { summary })) return;
  const now = Date.now();
  if (now < owed.dueMs) {
    owed.reminded = true;
    remind(run, owed);
    return;
  }
  owed.escalatedMs = now;
  owed.escalations += 1;
  if (owed.escalations === 1) noteComms(run, 'deadline', { of: 'update', stage: 0, action: 'escalate' });
  escalate(run, owed);
}

const hourMs = 60 * 60_000;

function nextMs({ message, dueMs, reminded, escalatedMs, escalations }: Owed): number {
  if (escalatedMs === null) return reminded ? dueMs : Math.min(dueMs, dueMs - message.remindBeforeMs);
  // Who has not heard it four times is not helped by hearing it more often; nobody is let off either.
  return escalatedMs + (escalations < 4 ? message.remindEveryMs : Math.max(hourMs, message.remindEveryMs));
}

const howTo = ({ input }: CommsRun): string =>
  `holdpoint comms send TEMPLATE ${input.environment}/${input.flag} --plan PLAN; if nobody waits for it: holdpoint comms close ${input.environment}/${input.flag} --reason "why"`;

function remind(run: CommsRun, { message, dueMs }: Owed): void {
  const { by, template, at } = message.notice;
  tellComms(run, 'reminder', {
    what: `Readers were promised an update by ${formatClock(dueMs, Date.now())}.`,
    why: `${by} sent ${template} ${formatInstant(at)}, and promised it there.`,
    since: at,
    next: `To send it: ${howTo(run)}`,
    who: [by],
  });
}

function escalate(run: CommsRun, { message, dueMs }: Owed): void {
  const { by, template, at } = message.notice;
  tellComms(run, 'escalation', {
    what: `Readers were promised an update by ${formatClock(dueMs, Date.now())}, and it did not come.`,
    why: `${by} sent ${template} ${formatInstant(at)}, and promised it there.`,
    since: iso(dueMs),
    next: `To send it: ${howTo(run)}`,
    who: [by, message.escalateTo],
  });
}

/** Flat lists only: Temporal's own UI runs others together. */
function present({ owed, sent }: CommsRun): void {
  const promise = owed === null ? 'No update is owed.' : `The next update is owed by ${formatInstant(owed.dueMs)}.`;
  const lines = sent
    .slice(-20)
    .map(
      ({ at, template, channel, by, delivered }) =>
        `- ${formatInstant(at)} ${markdownText(template)} to ${markdownText(channel)} by ${markdownText(by)}${delivered ? '' : ', not delivered yet'}`,
    );
  setCurrentDetails(['### Messages', '', `**${promise}**`, '', ...lines].join('\n'));
}

/** How long the close waits for archive and announcements. */
const patienceMs = 60_000;

async function close(run: CommsRun, reason: string): Promise<CommsResult> {
  const { input, runId, plan, workflowId: rollout } = run;
  run.closing = true;
  run.owed = null;
  await condition(() => run.telling === 0 && allHandlersFinished(), patienceMs, {
    summary: 'delivering what is under way',
  });
  noteComms(run, 'closed', { outcome: 'completed', percent: 0, reason });
  const head = auditHead(run.audit);
  const result = { outcome: 'completed', percent: 0, reason, auditHead: head, receipt: null } as const;
  try {
    await records('what was sent').exportRecords({
      pack: commsPack(input, runId),
      plan,
      entries: [...run.audit],
      result,
      rollout,
      runId,
    });
  } catch (error) {
    noteComms(run, 'trouble', { what: 'the pack was not written', detail: rootMessage(error) });
  }
  present(run);
  await condition(allHandlersFinished);
  return { outcome: 'completed', sent: run.sent.length, auditHead: head };
}
