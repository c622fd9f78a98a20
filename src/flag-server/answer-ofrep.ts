/** OFREP's questions: one flag, or all of them, for the context in the body. */
import { answerAndClose, answerJson, answerTagged, type Exchange } from './answer.js';
import { evaluate, evaluateAll, statusOf } from './evaluate.js';
import { readContext } from './evaluation-request.js';
import { etagOf } from './served-document.js';
import type { Served } from './served.js';

/** Where OFREP's clients hear that there is something to ask for. */
export const changesPath = '/ofrep/v1/stream';

export async function answerAll(exchange: Exchange, { document: { flags }, access }: Served): Promise<void> {
  const asked = await readContext(exchange.request);
  if (asked === null) return;
  const { loaded, problem } = flags.status();
  if (!asked.ok) {
    const { status, errorCode, errorDetails } = asked;
    return answerAndClose(exchange, status, { errorCode, errorDetails });
  }
  if (!loaded) return answerJson(exchange, 500, { errorCode: 'PROVIDER_NOT_READY', errorDetails: problem ?? '' });
  // A browser's EventSource sends no token, so where one is needed there is nothing to offer.
  const push = access.token === null ? { eventStreams: [{ type: 'sse', endpoint: { requestUri: changesPath } }] } : {};
  const text = JSON.stringify({ flags: evaluateAll(flags, asked.context), ...push });
  answerTagged(exchange, { text, etag: etagOf(text), cacheControl: 'no-store' });
}

/** @param rest - the key, as it stands in the path */
export async function answerOne(exchange: Exchange, { document: { flags } }: Served, rest: string): Promise<void> {
  const key = decoded(rest);
  const asked = await readContext(exchange.request);
  if (asked === null) return;
  if (!asked.ok) {
    const { status, errorCode, errorDetails } = asked;
    return answerAndClose(exchange, status, { key, errorCode, errorDetails });
  }
  const evaluation = evaluate(flags, key, asked.context);
  answerJson(exchange, statusOf(evaluation), evaluation);
}

/** As it stands, where it is no proper encoding: no flag will have that key. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
