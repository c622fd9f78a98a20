/** One bounded HTTP exchange: limited in time and size, redirects not followed, trouble as data instead of errors. */
import { request } from 'undici';

export interface HttpQuestion {
  readonly url: string;
  readonly method: HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the connection to the last byte. */
  readonly limitMs: number;
  /** Of the answer's body. */
  readonly limitBytes: number;
  readonly signal?: AbortSignal;
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type HttpOutcome =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly location: string | null;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** As a `Retry-After` in seconds asks; null when there is none. */
      readonly retryAfterMs: number | null;
      readonly text: string;
    }
  | {
      readonly kind: 'trouble';
      /** `stopped`: the asker's own signal. */
      readonly reason: 'unreachable' | 'timeout' | 'too-large' | 'stopped';
      /** Names the server, never its credentials. */
      readonly detail: string;
      /** Null: the trouble began before there was one. */
      readonly status: number | null;
    };

/** What an adapter's own error says of a trouble. */
export const troubleReasons = {
  timeout: 'timeout',
  unreachable: 'unreachable',
  stopped: 'unreachable',
  'too-large': 'bad-answer',
} as const;

export async function askHttp(question: HttpQuestion): Promise<HttpOutcome> {
  const { url, method, headers = {}, body = null, limitMs, limitBytes, signal } = question;
  const abort = new AbortController();
  const onAbort = (): void => abort.abort('stopped');
  const timer = setTimeout(() => abort.abort('timeout'), limitMs);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  let status: number | null = null;
  const trouble = (reason: Trouble['reason'], detail: string): Trouble => ({ kind: 'trouble', reason, detail, status });
  try {
    const asked = request(url, { method, headers, body, signal: abort.signal, headersTimeout: 0, bodyTimeout: 0 });
    const reply = await Promise.race([asked, rejectedBy(abort.signal)]);
    status = reply.statusCode;
    const text = await readUpTo(reply.body, limitBytes);
    if (text === null) return trouble('too-large', `${hostOf(url)} answered more than ${limitBytes} bytes`);
    const { location, 'retry-after': retryAfter } = reply.headers;
    return {
      kind: 'reply',
      status,
      location: typeof location === 'string' ? location : null,
      headers: reply.headers,
      retryAfterMs: secondsToMs(retryAfter),
      text,
    };
  } catch (error) {
    if (abort.signal.reason === 'timeout') return trouble('timeout', `${hostOf(url)} did not answer in ${limitMs} ms`);
    if (abort.signal.reason === 'stopped') return trouble('stopped', 'the asker stopped waiting');
    return trouble('unreachable', `${hostOf(url)}: ${sentence(error as NodeJS.ErrnoException)}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

type Trouble = Extract<HttpOutcome, { kind: 'trouble' }>;

/** The client heeds a signal only once it has a connection; a lost packet would make it wait for ten seconds. */
const rejectedBy = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    if (signal.aborted) reject(new Error('aborted'));
  });

/** Null when there is more: leaving the loop cuts the rest off. */
async function readUpTo(body: AsyncIterable<Buffer>, limitBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A date in its place is rare, and a retry a little early does no harm. */
const secondsToMs = (seconds: string | string[] | undefined): number | null =>
  typeof seconds === 'string' && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : null;

const hostOf = (url: string): string => new URL(url).host;

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; nothing listens there',
  ECONNRESET: 'the connection was reset before the answer was complete',
  UND_ERR_SOCKET: 'the connection broke off before the answer was complete',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
};

const sentence = ({ code = '', message }: NodeJS.ErrnoException): string =>
  sentences[code] ?? `${code} ${message}`.trim();

/** Foreign text as a short single line: whatever a server wrote, it cannot fake a second line in a log or a report. */
export function excerpt(text: string, length: number): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
