/** Follows a document over HTTP: pushed by a stream, asked for while there is none, and always back to the stream. */
import { hearDocuments } from './hear-documents.js';
import type { Follow } from './open-flags.js';
import { page } from './page.js';

export interface UrlOptions {
  readonly url: string;
  /** By default `flags/stream` beside `url`; null for a server that has none. */
  readonly streamUrl?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The longest pause between two questions while there is no stream. */
  readonly pollMs?: number | undefined;
}

const answerMs = 5_000;
/** A stream beats every 15 s: after this much silence nobody is there. */
const silenceMs = 40_000;
/** A tab that wakes up, or is online again, does not wait for the next beat after this much silence. */
const doubtMs = 20_000;
/** A stream that lasted this long was a good one: the next pause is short again. */
const settledMs = 10_000;

export const followUrl =
  ({ url, streamUrl = url.replace(/[^/]*$/, 'flags/stream'), headers, pollMs = 30_000 }: UrlOptions): Follow =>
  (sink) => {
    let open = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    /** Ends a pause. */
    let again = (): void => {};
    let closed = false;
    let etag: string | null = null;
    let heardAt = Infinity;
    let failures = 0;
    const after = (ms: number, then: () => void): void => {
      clearTimeout(timer);
      timer = setTimeout(then, ms);
    };
    const cut = (): void => open.abort(new Error('silence'));
    const ask = (address: string, more: object | '' | null): Promise<Response> => {
      open = new AbortController();
      // A half-open connection says nothing for ever.
      after(answerMs, cut);
      const request = { headers: { ...headers, ...(more as object) }, cache: 'no-store', signal: open.signal };
      return fetch(address, request as RequestInit);
    };
    const poll = async (): Promise<void> => {
      const answer = await ask(url, etag && { 'if-none-match': etag });
      if (answer.status === 304) sink.say(null);
      else if (!answer.ok) throw new Error(`status ${answer.status}`);
      else if (sink.take(await answer.text(), true)) etag = answer.headers.get('etag');
    };
    const listen = async (address: string): Promise<void> =>
      hearDocuments(await ask(address, { accept: 'text/event-stream' }), (document) => {
        heardAt = Date.now();
        after(silenceMs, cut);
        // The tag was for what is no longer held.
        if (document !== null && sink.take(document)) etag = null;
      });
    const run = async (): Promise<void> => {
      again = () => {};
      await poll().catch(
        (error: Error) => closed || sink.say(`${url}: ${String((error.cause as Error | undefined) ?? error)}`),
      );
      const begunAt = Date.now();
      // How it ends does not matter: the next answer says whether that is a problem.
      if (streamUrl && !closed) await listen(streamUrl).catch(() => {});
      cut();
      heardAt = Infinity;
      failures = Date.now() - begunAt > settledMs ? 0 : failures + 1;
      again = () => {
        if (!closed) void run();
      };
      // Jittered: a server that comes back is not asked by everybody in the same instant.
      after(closed ? 0 : Math.min(pollMs, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2), again);
    };
    const wake = (): void => {
      failures = 0;
      if (Date.now() - heardAt > doubtMs) cut();
      again();
    };
    for (const name of ['online', 'visibilitychange']) page.addEventListener?.(name, wake);
    void run();
    return () => {
      closed = true;
      cut();
      after(0, again);
    };
  };
