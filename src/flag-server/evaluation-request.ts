/** The body of an OFREP request: read with limits of size and time, and understood, or why not. */
import type { IncomingMessage } from 'node:http';
import type { FlagContext } from '../flag-client/flag-values.js';
import { isMembers } from '../flag-client/members.js';

export type ReadContext =
  | { readonly ok: true; readonly context: FlagContext }
  | { readonly ok: false; readonly status: 400 | 408 | 413; readonly errorCode: string; readonly errorDetails: string };

const mostBytes = 65_536;
const bodyMs = 10_000;

const wrong = (errorDetails: string, errorCode = 'INVALID_CONTEXT', status: 400 | 408 | 413 = 400): ReadContext => ({
  ok: false,
  status,
  errorCode,
  errorDetails,
});

/** Null: whoever asked has gone away. After a refusal the rest of the body is still on its way: the connection must close. */
export async function readContext(request: IncomingMessage): Promise<ReadContext | null> {
  const text = await readBody(request);
  return typeof text === 'string' ? understand(text) : text;
}

function readBody(request: IncomingMessage): Promise<string | ReadContext | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    const settle = (outcome: string | ReadContext | null): void => {
      clearTimeout(timer);
      request.removeAllListeners('data').resume();
      resolve(outcome);
    };
    const timer = setTimeout(
      () => settle(wrong(`the body took longer than ${bodyMs / 1_000} s`, 'PARSE_ERROR', 408)),
      bodyMs,
    ).unref();
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > mostBytes) settle(wrong(`the body is longer than ${mostBytes} bytes`, 'INVALID_CONTEXT', 413));
    });
    request.once('end', () => settle(Buffer.concat(chunks).toString('utf8')));
    request.once('close', () => settle(null));
    request.once('error', () => settle(null));
  });
}

function understand(text: string): ReadContext {
  let body: unknown;
  try {
    body = JSON.parse(text) as unknown;
  } catch (error) {
    return wrong(`the body is no JSON: ${(error as Error).message}`, 'PARSE_ERROR');
  }
  if (!isMembers(body)) return wrong('the body is no object');
  const { context = {} } = body;
  if (!isMembers(context)) return wrong('context is no object');
  const { targetingKey } = context;
  if (targetingKey !== undefined && typeof targetingKey !== 'string') return wrong('targetingKey is no text');
  return { ok: true, context };
}
