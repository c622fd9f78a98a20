/** Server-sent events as they come: each as its text, without the empty line behind it. */
import { onTestFinished } from 'vitest';

export interface OpenStream {
  readonly headers: Headers;
  /** The next event or comment. Rejects when the stream has ended. */
  next(): Promise<string>;
  close(): void;
}

export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<OpenStream> {
  const controller = new AbortController();
  const answer = await fetch(url, { headers, signal: controller.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!answer.ok || reader === undefined) throw new Error(`${url} answered ${answer.status}`);
  const close = (): void => controller.abort();
  onTestFinished(close);
  let rest = '';
  const next = async (): Promise<string> => {
    for (;;) {
      const end = rest.indexOf('\n\n');
      if (end >= 0) {
        const event = rest.slice(0, end);
        rest = rest.slice(end + 2);
        return event;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream has ended');
      rest += value;
    }
  };
  return { headers: answer.headers, next, close };
}
