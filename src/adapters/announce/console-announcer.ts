/** Announcements as short blocks of text on a stream, such as a worker's stderr. */
import type { Writable } from 'node:stream';
import { formatInstant } from '../../core/instant.js';
import type { Announcement } from '../../core/announcement.js';
import { AdapterError } from '../adapter-error.js';
import { excerpt } from '../ask-http.js';
import type { Announcer } from './announcer.js';

export function openConsoleAnnouncer(stream: Writable): Announcer {
  // A reader that went away must not end the worker; every write's own callback reports it.
  if (stream.listenerCount('error') === 0) stream.on('error', () => undefined);
  return {
    announce: (announcement) =>
      new Promise((resolve, reject) => {
        stream.write(renderAnnouncement(announcement), (error) => {
          if (error === null || error === undefined) resolve();
          else
            reject(new AdapterError('console channel', 'unreachable', `The stream takes no text: ${error.message}.`));
        });
      }),
  };
}

/** One line of what, then why, what next and who is asked, where there is something to say. */
export function renderAnnouncement(announcement: Announcement): string {
  const { at, kind, environment, flag, percent, what, why, next, who } = announcement;
  const line = (text: string): string => excerpt(text, 1_000);
  const where = `${environment}/${flag}${percent === null ? '' : ` at ${percent} %`}`;
  const rest = [
    ['why', why],
    ['next', next],
    ['asked', who.join(', ')],
  ] as const;
  return [
    `${formatInstant(at)}  ${line(where)}  ${kind}  ${line(what)}`,
    ...rest.filter(([, text]) => text !== '').map(([label, text]) => `  ${`${label}:`.padEnd(6)} ${line(text)}`),
    '',
  ].join('\n');
}
