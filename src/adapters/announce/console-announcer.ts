/** Announcements as short blocks of text on a stream, such as a worker's stderr. */
import type { Writable } from 'node:stream';
import { announcementLines, whereOf } from '../../core/announcement-lines.js';
import { formatInstant } from '../../core/instant.js';
import type { Announcement } from '../../core/announcement.js';
import type { Notice } from '../../core/notice.js';
import { AdapterError } from '../adapter-error.js';
import { excerpt } from '../ask-http.js';
import type { Channel } from './announcer.js';

export function openConsoleAnnouncer(stream: Writable): Channel {
  // A reader that went away must not end the worker; every write's own callback reports it.
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(new AdapterError('console channel', 'unreachable', `The stream takes no text: ${error.message}.`));
      });
    });
  return {
    announce: (announcement) => write(renderAnnouncement(announcement)),
    post: (notice) => write(renderNotice(notice)),
  };
}

const line = (text: string): string => excerpt(text, 1_000);

/** One line of what, then why, since when, what next and who decides. */
export function renderAnnouncement(announcement: Announcement): string {
  const { at, kind, what } = announcement;
  return [
    `${formatInstant(at)}  ${line(whereOf(announcement))}  ${kind}  ${line(what)}`,
    ...announcementLines(announcement).map(({ label, text }) => `  ${`${label}:`.padEnd(8)} ${line(text)}`),
    '',
  ].join('\n');
}

/** Set in, so that no line of it passes for an announcement. */
export function renderNotice({ at, environment, flag, template, by, subject, text }: Notice): string {
  const head = `${formatInstant(at)}  ${line(`${environment}/${flag}`)}  ${line(template)}, sent by ${line(by)}`;
  const body = [...(subject === null ? [] : [subject, '']), ...text.split('\n')];
  return [head, ...body.map((one) => `  | ${excerpt(one, 4_000)}`.trimEnd()), ''].join('\n');
}
