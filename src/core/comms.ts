/** What people send about a rollout, and what they promised: names and shapes. */
import { packPath } from './names.js';
import { noticeDigest, moments, media, type Notice } from './notice.js';
import { audiences, type Audience } from './audience.js';
import { iso } from './instant.js';
import { readMembers, readName, readText } from './person.js';
import type { MessageAnswer } from './rollout-shapes.js';

/** The type of the failure of a message that came while the records were written. */
export const commsClosing = 'CommsClosing';

export interface CommsInput {
  readonly environment: string;
  readonly flag: string;
  /** Where people are reminded; left out: every channel of the worker's configuration. */
  readonly channels?: readonly string[];
}

export const commsWorkflowId = ({ environment, flag }: Pick<CommsInput, 'environment' | 'flag'>): string =>
  `comms/${environment}/${flag}`;

/** Where what was sent is kept in the archive: beside the packs of the flag's rollouts. */
export const commsPack = ({ environment, flag }: CommsInput, firstExecutionRunId: string): string =>
  packPath(environment, flag, `comms-${firstExecutionRunId}`);

export interface SendMessage {
  readonly notice: Notice;
  readonly channel: { readonly id: string; readonly audience: Audience };
  /** ISO instant by which readers were promised to hear more; null: nothing was promised. */
  readonly nextUpdateAt: string | null;
  readonly remindBeforeMs: number;
  readonly remindEveryMs: number;
  readonly escalateTo: string;
}

export interface SendAnswer extends MessageAnswer {
  /** False while the channel does not take it: it is tried again for ten minutes. */
  readonly delivered: boolean;
  readonly nextUpdateAt: string | null;
}

export interface CloseMessage {
  readonly by: string;
  readonly reason: string;
}

export interface CommsStatus {
  readonly comms: string;
  /** `owed`: an update is promised; `late`: and it did not come. */
  readonly state: 'quiet' | 'owed' | 'late';
  readonly nextUpdateAt: string | null;
  readonly sent: readonly SentNotice[];
}

/** What readers were promised: to list it without a worker. In the workflow's memo, under `promiseMemo`. */
export interface PromisedUpdate {
  readonly environment: string;
  readonly flag: string;
  readonly nextUpdateAt: string;
  /** Who promised it. */
  readonly by: string;
}

export const promiseMemo = 'promised';

export interface SentNotice {
  readonly id: string;
  readonly at: string;
  readonly template: string;
  readonly channel: string;
  readonly by: string;
  readonly digest: string;
  readonly delivered: boolean;
}

export interface CommsResult {
  readonly outcome: 'completed';
  readonly sent: number;
  readonly auditHead: string;
}

/** Null for what does not say of which flag. */
export function readComms(input: unknown): CommsInput | null {
  const { environment, flag, channels } = readMembers(input);
  const [where, key] = [readName(environment), readName(flag)];
  if (where === null || key === null) return null;
  return { environment: where, flag: key, ...(Array.isArray(channels) ? { channels: channels.map(String) } : {}) };
}

/** Null for junk: what it names, it names well. */
export function readSend(message: unknown): SendMessage | null {
  const { notice, channel, nextUpdateAt, remindBeforeMs, remindEveryMs, escalateTo } = readMembers(message);
  const { id, audience } = readMembers(channel);
  const read = readNotice(notice);
  const promised = nextUpdateAt === null ? null : Date.parse(readText(nextUpdateAt) ?? '');
  if (read === null || readName(id) === null || !oneOf(audiences, audience) || Number.isNaN(promised)) return null;
  const everyMs = Number(remindEveryMs);
  return {
    notice: read,
    channel: { id: String(id), audience },
    nextUpdateAt: promised === null ? null : iso(promised),
    remindBeforeMs: Math.max(0, Number(remindBeforeMs) || 0),
    // More often, a promise that nobody keeps would fill the history.
    remindEveryMs: Math.max(60_000, Number.isFinite(everyMs) ? everyMs : 0),
    escalateTo: readName(escalateTo) ?? 'on-call',
  };
}

function readNotice(value: unknown): Notice | null {
  const members = readMembers(value);
  const texts = ['id', 'template', 'environment', 'flag', 'at', 'text', 'by'] as const;
  if (!texts.every((name) => typeof members[name] === 'string' && members[name] !== '')) return null;
  const { moment, medium, audience, subject, confirmed, runId } = members;
  if (!oneOf(moments, moment) || !oneOf(media, medium) || !oneOf(audiences, audience)) return null;
  const yes = readMembers(confirmed);
  const isYes = typeof yes['by'] === 'string' && typeof yes['digest'] === 'string';
  return {
    id: String(members['id']),
    template: String(members['template']),
    moment,
    medium,
    audience,
    environment: String(members['environment']),
    flag: String(members['flag']),
    runId: typeof runId === 'string' ? runId : null,
    at: String(members['at']),
    subject: typeof subject === 'string' ? subject : null,
    text: String(members['text']),
    by: String(members['by']),
    confirmed: isYes ? { by: String(yes['by']), digest: String(yes['digest']) } : null,
  };
}

const oneOf = <T extends string>(known: readonly T[], value: unknown): value is T => known.some((one) => one === value);

/** One for each rollout, text and channel: sent twice, it arrives once. */
export const noticeId = (
  notice: Pick<Notice, 'environment' | 'flag' | 'runId' | 'template' | 'subject' | 'text'>,
  channel: string,
): string =>
  `${notice.runId ?? `${notice.environment}/${notice.flag}`}/comms/${notice.template}/${channel}/${noticeDigest(notice).slice('sha256:'.length, 23)}`;

/** Whether it changes what readers wait for. */
export const isIncident = ({ moment }: Notice): boolean => moment.startsWith('incident-');
