/** A server that speaks the part of Slack's Web API that Holdpoint uses, keeps the room, and can be told to fail. */
import { answerJson, openLocalServer, type SeenRequest } from './local-server.js';

export interface SlackRoomMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  text: string;
  blocks?: unknown;
  readonly reply_broadcast?: boolean;
  readonly metadata?: unknown;
}

export type SlackTrouble =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'error'; readonly error: string }
  /** It does what it is asked, and its answer is lost. */
  | { readonly kind: 'lost-answer' };

export const slackToken = 'xoxb-0123456789-secret';

export async function openSlackServer(room: string) {
  const messages: SlackRoomMessage[] = [];
  /** For the next calls of a method, oldest first. */
  const troubles = new Map<string, SlackTrouble[]>();
  let last = 0;
  const server = await openLocalServer((response, request) => {
    const method = request.path.split('/').at(-1) ?? '';
    const trouble = troubles.get(method)?.shift();
    if (trouble?.kind === 'status') {
      response.writeHead(trouble.status, trouble.headers).end();
      return;
    }
    const answer = trouble?.kind === 'error' ? refuse(trouble.error) : act(method, request);
    if (trouble?.kind === 'lost-answer') response.destroy();
    else answerJson(response, answer);
  });

  function act(method: string, request: SeenRequest): object {
    if (request.headers.authorization !== `Bearer ${slackToken}`) return refuse('invalid_auth');
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const body = (isForm ? Object.fromEntries(new URLSearchParams(request.body)) : JSON.parse(request.body)) as Record<
      string,
      string
    >;
    if (body['channel'] !== room) return refuse('channel_not_found');
    const { ts, thread_ts: thread, text } = body;
    switch (method) {
      case 'chat.postMessage': {
        if (thread !== undefined && !messages.some((one) => one.ts === thread)) return refuse('thread_not_found');
        last += 1;
        const { channel: _, ...kept } = body;
        const message = { ...kept, ts: `1796126404.${String(last).padStart(6, '0')}` } as unknown as SlackRoomMessage;
        messages.push(message);
        return { ok: true, channel: room, ts: message.ts, message };
      }
      case 'chat.update': {
        const found = messages.find((one) => one.ts === ts);
        if (found === undefined) return refuse('message_not_found');
        found.text = String(text);
        found.blocks = body['blocks'];
        return { ok: true, channel: room, ts, text };
      }
      case 'conversations.history':
        // As Slack does it, unless its methods are given a form.
        return isForm
          ? { ok: true, messages: messages.filter((one) => one.thread_ts === undefined) }
          : refuse('invalid_form_data');
      case 'conversations.replies':
        return isForm
          ? { ok: true, messages: messages.filter((one) => one.ts === ts || one.thread_ts === ts) }
          : refuse('invalid_form_data');
      default:
        return refuse('unknown_method');
    }
  }

  return {
    url: `${server.url}/api`,
    messages,
    seen: server.seen,
    fail: (method: string, ...next: readonly SlackTrouble[]) =>
      troubles.set(method, [...(troubles.get(method) ?? []), ...next]),
    remove: (ts: string) =>
      messages.splice(
        messages.findIndex((one) => one.ts === ts),
        1,
      ),
    close: () => server.close(),
  };
}

const refuse = (error: string) => ({ ok: false, error });
