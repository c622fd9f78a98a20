/** What the messages of one flag know, and how they are noted and delivered. */
import { condition, workflowInfo } from '@temporalio/workflow';
import { commsPack, type CommsInput, type CommsStatus, type SendMessage, type SentNotice } from '../src/core/comms.js';
import { iso } from '../src/core/instant.js';
import { noticeDigest } from '../src/core/notice.js';
import { everyChannel, planWithoutStages } from '../src/core/revert.js';
import { records } from './activity-proxies.js';
import { announce } from './announcing.js';
import { handOn } from './going-on.js';
import { onlyEventsCount } from './only-events-count.js';
import { freshRecords, record, type Recorded, type Records } from './recording.js';
import { rootMessage } from './root-message.js';

/** What readers were promised. */
export interface Owed {
  readonly message: SendMessage;
  readonly dueMs: number;
  reminded: boolean;
  /** When it escalated last; null: it is not late. */
  escalatedMs: number | null;
  escalations: number;
}

export interface CommsRun extends CommsCarried, Recorded {
  readonly input: CommsInput;
  /** It takes no messages any more. */
  closing: boolean;
  /** Grows with every message: what the story waits for. */
  news: number;
}

/** What a run hands to the next one when its history grows long: JSON, all of it. */
export interface CommsCarried extends Records {
  /** The newest ones, and how many there were before them. */
  sent: SentNotice[];
  sentBefore: number;
  owed: Owed | null;
  refusals: number;
}

export function openCommsRun(input: CommsInput, carried: CommsCarried | undefined): CommsRun {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const { environment, flag, channels = [everyChannel] } = input;
  return {
    ...freshRecords(),
    sent: [],
    sentBefore: 0,
    owed: null,
    refusals: 0,
    ...carried,
    input,
    workflowId,
    runId: firstExecutionRunId,
    plan: planWithoutStages('comms', { store: 'none', environment, key: flag }, channels),
    pack: commsPack(input, firstExecutionRunId),
    telling: 0,
    onlyEventsCount: onlyEventsCount(),
    closing: false,
    news: 0,
  };
}

/** More would be a longer list than anybody reads, handed from run to run. */
const sentKept = 500;

export function carriedComms(run: CommsRun): CommsCarried {
  const known = handOn<CommsCarried, CommsRun>(run, {
    input: true,
    workflowId: true,
    runId: true,
    plan: true,
    pack: true,
    telling: true,
    onlyEventsCount: true,
    closing: true,
    news: true,
  });
  const sent = known.sent.slice(-sentKept);
  return { ...known, sent, sentBefore: known.sentBefore + known.sent.length - sent.length };
}

export const commsStatus = ({ workflowId, owed, sent }: CommsRun): CommsStatus => ({
  comms: workflowId,
  state: owed === null ? 'quiet' : owed.escalatedMs === null ? 'owed' : 'late',
  nextUpdateAt: owed === null ? null : iso(owed.dueMs),
  sent,
});

/** How long who sends it waits for the channel. */
const patienceMs = 7_000;

/** True once the channel has it. Whoever waits is not kept longer than a moment; it is tried on all the same. */
export async function deliver(run: CommsRun, { notice, channel }: SendMessage): Promise<boolean> {
  const { id, template, by, at } = notice;
  const position = run.sent.length;
  run.sent.push({ id, at, template, channel: channel.id, by, digest: noticeDigest(notice), delivered: false });
  let settled = false;
  run.telling += 1;
  void records(`${template} → ${channel.id}`)
    .post({ channel: channel.id, notice })
    .then(() => {
      const one = run.sent[position];
      if (one !== undefined) run.sent[position] = { ...one, delivered: true };
    })
    .catch((error: unknown) => {
      record(run, 'trouble', {
        what: 'message not delivered',
        channel: channel.id,
        template,
        detail: rootMessage(error),
      });
      announce(run, 'escalation', {
        what: `${template} did not reach ${channel.id}, and is not tried any more.`,
        why: rootMessage(error),
        next: `Mend the channel (holdpoint doctor), then send it again, or another way.`,
        who: [by, 'on-call'],
      });
    })
    .finally(() => {
      settled = true;
      run.telling -= 1;
    });
  await condition(() => settled, patienceMs, { summary: `${channel.id} takes ${template}` });
  return run.sent[position]?.delivered ?? false;
}
