/** What people send about one flag: delivered and recorded; and a promised update is reminded of until it is sent. */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { promiseMemo, readComms, type CommsInput, type CommsResult, type PromisedUpdate } from '../src/core/comms.js';
import { formatClock, formatInstant, iso } from '../src/core/instant.js';
import { markdownText } from '../src/core/markdown-text.js';
import { announce } from './announcing.js';
import { archive } from './archiving.js';
import { registerComms } from './comms-handlers.js';
import { carriedComms, openCommsRun, type CommsCarried, type CommsRun, type Owed } from './comms-run.js';
import { becomesLong, comeToRest, muchWasNoted } from './going-on.js';
import { record } from './recording.js';

/** What the first message starts it with, and what an earlier run of it hands over. */
type CommsStart = CommsInput & { readonly carried?: CommsCarried };

export async function comms(input: CommsStart): Promise<CommsResult> {
  const read = readComms(input);
  if (read === null) throw ApplicationFailure.nonRetryable('Messages need to know the flag.', 'MalformedInput');
  const run = openCommsRun(read, input.carried);
  if (input.carried === undefined) recordStart(run);
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

function recordStart(run: CommsRun): void {
  const { workflowId: rollout, runId, plan } = run;
  record(run, 'started', { rollout, runId, plan: plan.name, planDigest: plan.digest, by: 'whoever sends first' });
}

/** Who started it and sends nothing is not waited for for ever. */
const firstMs = 10 * 60_000;

async function untilQuiet(run: CommsRun): Promise<void> {
  await condition(() => run.news > 0 || run.sent.length > 0, firstMs, { summary: 'for the first message' });
  for (;;) {
    present(run);
    makeListable(run);
    const isAtRest = await comeToRest(run);
    if (run.owed === null) {
      await condition(() => run.owed !== null || (run.telling === 0 && allHandlersFinished()));
      if (run.owed === null) return;
      continue;
    }
    // No await between a true `isAtRest` and this: no message is lost.
    if (isAtRest) await continueAsNew<typeof comms>({ ...run.input, carried: carriedComms(run) });
    await keepPromise(run, run.owed);
  }
}

/** Until the promise changes, something is due, or the history has grown long. */
async function keepPromise(run: CommsRun, owed: Owed): Promise<void> {
  const summary = `the update promised for ${formatInstant(owed.dueMs)}`;
  const waitMs = Math.max(1, nextMs(owed) - Date.now());
  const mayBeLong = muchWasNoted(run, becomesLong());
  const isOver = (): boolean => run.owed !== owed || mayBeLong();
  if (await condition(isOver, waitMs, { summary })) return;
  const now = Date.now();
  if (now < owed.dueMs) {
    owed.reminded = true;
    remind(run, owed);
    return;
  }
  owed.escalatedMs = now;
  owed.escalations += 1;
  if (owed.escalations === 1) record(run, 'deadline', { of: 'update', stage: 0, action: 'escalate' });
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
  announce(run, 'reminder', {
    what: `Readers were promised an update by ${formatClock(dueMs, Date.now())}.`,
    why: `${by} sent ${template} ${formatInstant(at)}, and promised it there.`,
    since: at,
    next: `To send it: ${howTo(run)}`,
    who: [by],
  });
}

function escalate(run: CommsRun, { message, dueMs }: Owed): void {
  const { by, template, at } = message.notice;
  announce(run, 'escalation', {
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

/** For who lists what is open, also while no worker runs. */
function makeListable({ input, owed }: CommsRun): void {
  const listed = workflowInfo().memo?.[promiseMemo] as PromisedUpdate | null | undefined;
  const nextUpdateAt = owed === null ? null : iso(owed.dueMs);
  const by = owed?.message.notice.by;
  if ((listed?.nextUpdateAt ?? null) === nextUpdateAt && listed?.by === by) return;
  if (!patched('promise-in-memo')) return;
  const { environment, flag } = input;
  upsertMemo({ [promiseMemo]: nextUpdateAt === null ? null : { environment, flag, nextUpdateAt, by } });
}

/** How long the close waits for channels. */
const patienceMs = 60_000;

async function close(run: CommsRun, reason: string): Promise<CommsResult> {
  run.closing = true;
  run.owed = null;
  await condition(() => run.telling === 0 && allHandlersFinished(), patienceMs, {
    summary: 'delivering what is under way',
  });
  record(run, 'closed', { outcome: 'completed', percent: 0, reason });
  const { head } = run.audit;
  const result = { outcome: 'completed', percent: 0, reason, auditHead: head, receipt: null } as const;
  // However long it takes: nobody else can write this pack.
  await archive(run, { summary: 'what was sent', result });
  present(run);
  await condition(allHandlersFinished);
  return { outcome: 'completed', sent: run.sentBefore + run.sent.length, auditHead: head };
}
