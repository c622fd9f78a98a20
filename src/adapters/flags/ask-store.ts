/** One exchange with a flag store over HTTP: every trouble is an error that says what to do. */
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { askHttp, excerpt, troubleReasons, type HttpMethod, type HttpOutcome } from '../ask-http.js';

export interface StoreServer {
  readonly adapter: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of one request. */
  readonly timeoutMs: number;
}

export interface StoreQuestion {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What is left for the whole step. */
  readonly leftMs: number;
  /** Statuses that are answers, too, besides 2xx. */
  readonly alsoFine?: readonly number[];
}

export type StoreReply = Extract<HttpOutcome, { kind: 'reply' }>;

const limitBytes = 8_388_608;

/** @throws AdapterError */
export async function askStore(server: StoreServer, question: StoreQuestion): Promise<StoreReply> {
  const { method, url, headers = {}, body, leftMs, alsoFine = [] } = question;
  const outcome = await askHttp({
    url,
    method,
    headers: { accept: 'application/json', ...server.headers, ...headers },
    limitMs: Math.min(server.timeoutMs, leftMs),
    limitBytes,
    ...(body === undefined ? {} : { body }),
  });
  const fail = (reason: AdapterErrorReason, why: string): AdapterError =>
    new AdapterError(server.adapter, reason, `The ${server.adapter} did not take ${method} ${pathOf(url)}: ${why}`);
  if (outcome.kind === 'trouble')
    throw fail(troubleReasons[outcome.reason], `${outcome.detail}. See whether it runs and this machine reaches it.`);
  const { status } = outcome;
  if ((status >= 200 && status < 300) || alsoFine.includes(status)) return outcome;
  const { reason, todo } = meaningOf(outcome);
  throw fail(reason, `status ${status} ${excerpt(outcome.text, 200)}`.trim().concat(`. ${todo}`));
}

function meaningOf({ status, headers }: StoreReply): { readonly reason: AdapterErrorReason; readonly todo: string } {
  if (status === 401)
    return { reason: 'not-permitted', todo: 'It does not know the token: check the secret in the configuration.' };
  if (status === 403)
    return {
      reason: 'not-permitted',
      todo: 'The token may not do this: give it the right to read and to change flags.',
    };
  if (status === 404)
    return { reason: 'refused', todo: 'It is not there: check the url and names in the configuration.' };
  if (status === 409)
    return {
      reason: 'refused',
      todo: 'It says that the name is taken or that somebody changed it: see what is there.',
    };
  if (status === 429) {
    const after = headers['retry-after'];
    return {
      reason: 'refused',
      todo: `It wants fewer requests${typeof after === 'string' ? ` (again after ${excerpt(after, 40)})` : ''}: raise its limit for this token.`,
    };
  }
  if (status >= 300 && status < 400)
    return { reason: 'refused', todo: 'Redirects are not followed: configure the final address.' };
  if (status >= 500) return { reason: 'bad-answer', todo: 'It has trouble of its own: look at its log.' };
  return {
    reason: 'refused',
    todo: 'It does not take what it was asked: check its configuration against its version.',
  };
}

/** Without the query, which may hold a secret. */
const pathOf = (url: string): string => new URL(url).pathname;

/** @throws AdapterError for what is no JSON. */
export function jsonIn(
  { adapter }: StoreServer,
  { text }: StoreReply,
  parse: (text: string) => unknown = JSON.parse,
): unknown {
  try {
    return parse(text);
  } catch {
    throw new AdapterError(
      adapter,
      'bad-answer',
      `The ${adapter} answered no JSON: ${excerpt(text, 100)}. Check its url: something else may answer there.`,
    );
  }
}
