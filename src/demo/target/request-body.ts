/** A request's body, read whole but never beyond a limit. */
import type { IncomingMessage } from 'node:http';
import { refusal, type Answer } from './answer.js';

export type ReadBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly answer: Answer };

const limitBytes = 65_536;

/** JSON only, named as such: no form of another site can send that. No body reads as an empty object. */
export async function readJsonBody(request: IncomingMessage): Promise<ReadBody> {
  const text = await readText(request);
  if (text === null) return { ok: false, answer: refusal(413, `Send at most ${limitBytes} bytes.`) };
  if (text === '') return { ok: true, value: {} };
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return { ok: false, answer: refusal(415, 'Send JSON, with content-type: application/json.') };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, answer: refusal(400, 'The body is not JSON.') };
  }
}

/** Goes on reading past the limit without keeping it, so that the answer arrives. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
  }
  return bytes <= limitBytes ? Buffer.concat(chunks).toString('utf8') : null;
}
