/** A text from a person to people: a template with its fields filled in, for one channel. */
import type { Audience } from './audience.js';
import { digestOf } from './digest.js';

export const media = ['email', 'slack', 'in-app', 'status-page'] as const;
export type Medium = (typeof media)[number];

export const moments = [
  'heads-up',
  'incident-initial',
  'incident-update',
  'incident-final',
  'success',
  'handoff',
] as const;
export type Moment = (typeof moments)[number];

export interface Notice {
  /** The same for every attempt: one for each rollout, text and channel. Receivers de-duplicate on it. */
  readonly id: string;
  /** Name of the template. */
  readonly template: string;
  readonly moment: Moment;
  readonly medium: Medium;
  readonly audience: Audience;
  readonly environment: string;
  readonly flag: string;
  /** First run id of the rollout it is about; null: there is none yet. */
  readonly runId: string | null;
  /** ISO instant. */
  readonly at: string;
  /** Null for media without one. */
  readonly subject: string | null;
  readonly text: string;
  readonly by: string;
  /** Who said that customers may read exactly this text; null: nobody. */
  readonly confirmed: Confirmation | null;
}

export interface Confirmation {
  readonly by: string;
  /** Of the text that was read: see `noticeDigest`. */
  readonly digest: string;
}

/** Over what people will read. */
export const noticeDigest = ({ subject, text }: Pick<Notice, 'subject' | 'text'>): string =>
  digestOf({ subject, text });

/** What is wrong with sending it; null when it may go out. */
export function noticeProblem(
  notice: Notice,
  channel: { readonly id: string; readonly audience: Audience },
): string | null {
  if (notice.audience === 'staff' && channel.audience === 'customers')
    return `The channel ${channel.id} reaches customers, and ${notice.template} is written for staff.`;
  if (notice.audience === 'staff') return null;
  if (notice.confirmed === null) return 'It is for customers, and nobody has said that they may read it.';
  return notice.confirmed.digest === noticeDigest(notice)
    ? null
    : `${notice.confirmed.by} has said yes to another text than this one.`;
}
