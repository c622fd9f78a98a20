/** Holdpoint's own two questions: the document, and the streams that say when there is another. */
import { answerProblem, answerTagged, type Exchange } from './answer.js';
import type { EventStreams } from './event-streams.js';
import type { FollowedDocument } from './followed-document.js';
import type { Served } from './served.js';

export function answerDocument(exchange: Exchange, { document, access }: Served): void {
  const served = document.served();
  if (served === null) return answerProblem(exchange, 503, whyNone(document));
  // A second lets a cache answer a crowd; the client ignores what is older than what it holds.
  const cacheControl = access.token === null ? 'max-age=1, must-revalidate' : 'private, max-age=1, must-revalidate';
  answerTagged(exchange, { ...served, cacheControl });
}

export function listen(exchange: Exchange, { document }: Served, streams: EventStreams): void {
  if (document.served() === null) return answerProblem(exchange, 503, whyNone(document));
  if (streams.add(exchange.response)) return;
  exchange.response.setHeader('retry-after', '10');
  answerProblem(exchange, 503, 'too many streams are open');
}

const whyNone = ({ flags }: FollowedDocument): string =>
  `there is no flag document: ${flags.status().problem ?? 'not yet'}`;
