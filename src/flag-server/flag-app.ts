/** Flags over HTTP, without a server of its own: the document, its stream, and OFREP. For `holdpoint flag serve`, or to be mounted. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FlagsStatus } from '../flag-client/hold-document.js';
import { allowOrigins, refusalOf, type Access } from './access.js';
import { answerProblem, type Exchange } from './answer.js';
import { answerDocument, listen } from './answer-flags.js';
import { answerAll, answerOne, changesPath } from './answer-ofrep.js';
import { openEventStreams, streamLimits, type StreamLimits } from './event-streams.js';
import { followDocument } from './followed-document.js';
import type { ServedDocument } from './served-document.js';
import type { Served } from './served.js';

export interface FlagAppOptions extends Access {
  /** Path of the flag document. It need not be there yet. */
  readonly file: string;
  /** Told each new problem with the document once, and null when it is over. */
  readonly onProblem: (problem: string | null) => void;
  readonly limits?: StreamLimits;
}

export interface FlagApp {
  /** False: none of its paths, and nothing was answered. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The first good document, or why there is none yet. */
  readonly ready: Promise<FlagsStatus>;
  status(): FlagsStatus & { readonly streams: number };
  /** What is served, for a page that brings it along: see `inline` of the flag client. Null until there is a good document. */
  document(): ServedDocument | null;
  /** Ends the streams, and following the file. */
  close(): void;
}

type Answer = (served: Served, exchange: Exchange, rest: string) => void;

interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  /** What stands behind the path is a flag's key. */
  readonly isOpen?: boolean;
  readonly answer: Answer;
}

const routes: readonly Route[] = [
  { path: '/flags.json', methods: ['GET', 'HEAD'], answer: (served, exchange) => answerDocument(exchange, served) },
  {
    path: '/flags/stream',
    methods: ['GET'],
    answer: (served, exchange) => listen(exchange, served, served.documents),
  },
  {
    path: changesPath,
    methods: ['GET'],
    answer: (served, exchange) => listen(exchange, served, served.changes),
  },
  {
    path: '/ofrep/v1/evaluate/flags',
    methods: ['POST'],
    answer: (served, exchange) => orHangUp(exchange, answerAll(exchange, served)),
  },
  {
    path: '/ofrep/v1/evaluate/flags/',
    methods: ['POST'],
    isOpen: true,
    answer: (served, exchange, rest) => orHangUp(exchange, answerOne(exchange, served, rest)),
  },
];

/** One question that goes wrong in a way nobody thought of must not end the server. */
function orHangUp({ response }: Exchange, answered: Promise<void>): void {
  answered.catch(() => response.destroy());
}

export function openFlagApp({ file, onProblem, limits = streamLimits, ...access }: FlagAppOptions): FlagApp {
  const document = followDocument({ file, onProblem });
  const documents = openEventStreams(() => wholeDocument(document.served()), limits);
  const changes = openEventStreams(() => null, limits);
  document.onServed((served) => {
    documents.send(wholeDocument(served) ?? '');
    changes.send(askAgain(served));
  });
  const served: Served = { document, access, documents, changes };
  return {
    handle: (request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      const route = routes.find((one) => (one.isOpen === true ? path.startsWith(one.path) : path === one.path));
      if (route === undefined) return false;
      allowOrigins(request, response, access.cors);
      enter(served, { request, response }, { route, rest: path.slice(route.path.length) });
      return true;
    },
    ready: document.ready,
    status: () => ({ ...document.flags.status(), streams: documents.count() + changes.count() }),
    document: () => document.served(),
    close: () => {
      document.close();
      documents.close();
      changes.close();
    },
  };
}

const wholeDocument = (served: ServedDocument | null): string | null =>
  served === null ? null : `event: flags\ndata: ${served.text}\n\n`;

const askAgain = ({ etag }: ServedDocument): string =>
  `data: ${JSON.stringify({ type: 'refetchEvaluation', etag })}\n\n`;

function enter(
  served: Served,
  exchange: Exchange,
  { route, rest }: { readonly route: Route; readonly rest: string },
): void {
  const { method = '' } = exchange.request;
  if (method === 'OPTIONS') {
    exchange.response.writeHead(204, { allow: [...route.methods, 'OPTIONS'].join(', ') }).end();
    return;
  }
  if (!route.methods.includes(method)) {
    exchange.response.setHeader('allow', [...route.methods, 'OPTIONS'].join(', '));
    return answerProblem(exchange, 405, `${route.path} takes ${route.methods.join(' and ')}`);
  }
  const refusal = refusalOf(exchange.request, served.access.token);
  if (refusal === null) return route.answer(served, exchange, rest);
  if (refusal === 401) exchange.response.setHeader('www-authenticate', 'Bearer');
  answerProblem(exchange, refusal, refusal === 401 ? 'a bearer token is needed' : 'this token is not the right one');
}
