/** A mail as people and their mail programs see it: a thread for each rollout, and the same id for every attempt. */
import { announcementLines, whereOf } from '../../core/announcement-lines.js';
import type { Announcement } from '../../core/announcement.js';
import { textDigest } from '../../core/digest.js';
import { formatInstant } from '../../core/instant.js';
import type { Notice } from '../../core/notice.js';
import { excerpt } from '../ask-http.js';

export interface EmailMessage {
  readonly messageId: string;
  /** Of the thread; nobody has to have received it. */
  readonly inReplyTo: string;
  readonly subject: string;
  readonly text: string;
  readonly urgent: boolean;
}

interface Sender {
  /** Id of the channel. */
  readonly id: string;
  readonly from: string;
}

/** Ids hold flag keys and slashes; a digest of them fits into a header, whatever they hold. */
const idOf = ({ id, from }: Sender, what: string): string => {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'holdpoint.invalid';
  return `<${textDigest(`${id} ${what}`).slice('sha256:'.length, 47)}@${domain}>`;
};

export function mailOf(announcement: Announcement, sender: Sender): EmailMessage {
  const { id, kind, what, at, plan, rollout, runId, environment, flag } = announcement;
  const rows = announcementLines(announcement).map(
    ({ label, text }) => `${`${label}:`.padEnd(9)}${excerpt(text, 2_000)}`,
  );
  return {
    messageId: idOf(sender, id),
    inReplyTo: idOf(sender, threadOf(announcement)),
    subject: excerpt(`[${whereOf(announcement)}] ${kind}: ${what}`, 200),
    text: [
      excerpt(what, 2_000),
      '',
      ...rows,
      '',
      `${kind}, ${formatInstant(at)}${plan === '' ? '' : `, plan ${excerpt(plan, 200)}`}`,
      excerpt(`${rollout}, run ${runId}`, 400),
      `More: holdpoint status ${excerpt(`${environment}/${flag}`, 300)}`,
      '',
    ].join('\n'),
    urgent: kind === 'needs-a-human' || kind === 'rolled-back' || kind === 'orphan',
  };
}

export const noticeMail = (notice: Notice, sender: Sender): EmailMessage => ({
  messageId: idOf(sender, notice.id),
  inReplyTo: idOf(sender, threadOf(notice)),
  subject: excerpt(notice.subject ?? notice.template, 300),
  text: `${notice.text}\n`,
  urgent: false,
});

const threadOf = ({ environment, flag, runId }: Pick<Notice, 'environment' | 'flag' | 'runId'>): string =>
  `thread ${environment}/${flag}/${runId ?? ''}`;
