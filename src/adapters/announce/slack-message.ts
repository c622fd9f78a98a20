/** What Slack shows: one card for each rollout, updated in place, and a line in its thread for every event. */
import { announcementLines, wantsAttention, whereOf } from '../../core/announcement-lines.js';
import type { Announcement } from '../../core/announcement.js';
import { formatInstant } from '../../core/instant.js';
import { excerpt } from '../ask-http.js';

export interface SlackMessage {
  /** For notifications, and for who cannot see blocks. */
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** Slack's own three: nobody's name or reason becomes a link, a mention or a call to the whole room. */
export const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const line = (text: string): string => escapeSlack(excerpt(text, 900));

const textOf = (announcement: Announcement): string =>
  line(`${whereOf(announcement)}: ${announcement.kind}. ${announcement.what}`);

const linesOf = (announcement: Announcement): string =>
  announcementLines(announcement)
    .map(({ label, text }) => `*${label}* ${line(text)}`)
    .join('\n');

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 3_000) } });
const context = (text: string) => ({ type: 'context', elements: [{ type: 'mrkdwn', text: text.slice(0, 2_000) }] });

export function cardOf(announcement: Announcement): SlackMessage {
  const { environment, flag, kind, what, plan, rollout, at } = announcement;
  return {
    text: textOf(announcement),
    blocks: [
      // Plain text is shown as it is; escapes would be seen.
      { type: 'header', text: { type: 'plain_text', text: excerpt(whereOf(announcement), 150) } },
      section(`*${kind}*  ${line(what)}`),
      section(linesOf(announcement)),
      context(
        `${plan === '' ? '' : `plan ${line(plan)}, `}${line(rollout)}, as of ${formatInstant(at)}. More: \`holdpoint status ${line(`${environment}/${flag}`)}\``,
      ),
    ],
  };
}

/** Also shown in the room itself where somebody has to do something. */
export const replyOf = (announcement: Announcement): SlackMessage & { readonly reply_broadcast: boolean } => ({
  text: textOf(announcement),
  blocks: [section(`*${announcement.kind}*  ${line(announcement.what)}\n${linesOf(announcement)}`)],
  reply_broadcast: wantsAttention(announcement),
});
