/** Calls to Slack's Web API: a token, JSON both ways, and every refusal with what to do about it. */
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { askHttp, excerpt, troubleReasons, type HttpOutcome } from '../ask-http.js';

export interface SlackCall {
  readonly method: 'chat.postMessage' | 'chat.update' | 'conversations.history' | 'conversations.replies' | 'auth.test';
  readonly body: Readonly<Record<string, unknown>>;
}

export type SlackAnswer = Readonly<Record<string, unknown>> & { readonly ok: true };

/** Throws `AdapterError`; `SlackError` where Slack itself says no. */
export type CallSlack = (call: SlackCall) => Promise<SlackAnswer>;

export class SlackError extends AdapterError {
  /** Slack's own word for it, such as `channel_not_found`. */
  readonly slack: string;

  constructor(adapter: string, reason: AdapterErrorReason, { slack, message }: { slack: string; message: string }) {
    super(adapter, reason, message);
    this.slack = slack;
  }
}

export interface SlackAccess {
  /** The channel's id in the configuration. */
  readonly id: string;
  /** Of the Web API, without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/** Three of them fit into an activity's time. */
const limitMs = 6_000;
const limitBytes = 1_048_576;

export function openSlackApi({ id, url, token }: SlackAccess): CallSlack {
  const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` };
  return async ({ method, body }) => {
    const form = method.startsWith('conversations.') ? asForm(body) : null;
    const outcome = await askHttp({
      url: `${url}/${method}`,
      method: 'POST',
      headers: form === null ? headers : { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: form ?? JSON.stringify(body),
      limitMs,
      limitBytes,
    });
    return readAnswer(id, method, outcome);
  };
}

/** Slack's reading methods take no JSON. */
const asForm = (body: SlackCall['body']): string =>
  new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)])).toString();

function readAnswer(id: string, method: string, outcome: HttpOutcome): SlackAnswer {
  const failed = (reason: AdapterErrorReason, why: string, retryAfterMs: number | null = null): AdapterError =>
    new AdapterError(`channel ${id}`, reason, `The channel "${id}" failed: ${why}. It is tried again.`, {
      retryAfterMs,
    });
  if (outcome.kind === 'trouble') throw failed(troubleReasons[outcome.reason], outcome.detail);
  const { status, text, retryAfterMs } = outcome;
  if (status === 429) throw failed('rate-limited', `Slack wants fewer calls of ${method}`, retryAfterMs ?? 30_000);
  const answer = status >= 200 && status < 300 ? parse(text) : null;
  if (answer === null) throw failed('bad-answer', `status ${status} ${excerpt(text, 100)}`.trim(), retryAfterMs);
  if (answer.ok === true) return answer as SlackAnswer;
  const slack = typeof answer.error === 'string' ? excerpt(answer.error, 100) : 'no reason';
  if (slack === 'ratelimited' || slack === 'rate_limited')
    throw failed('rate-limited', `Slack wants fewer calls of ${method}`, retryAfterMs ?? 30_000);
  const [reason, advice] = known[slack] ?? ['refused', `look up ${slack} in Slack's reference of ${method}`];
  throw new SlackError(`channel ${id}`, reason, {
    slack,
    message: `The channel "${id}" failed: Slack says ${slack}; ${advice}. It is tried again.`,
  });
}

function parse(text: string): { readonly ok?: unknown; readonly error?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

const badToken = ['not-permitted', 'put a valid bot token (xoxb-…) where the configuration takes it from'] as const;

const known: Readonly<Record<string, readonly [AdapterErrorReason, string]>> = {
  not_authed: badToken,
  invalid_auth: badToken,
  account_inactive: badToken,
  token_revoked: badToken,
  token_expired: badToken,
  missing_scope: ['not-permitted', 'give the app the scope chat:write and install it again'],
  not_in_channel: ['not-permitted', 'invite the app into the room: /invite @its-name'],
  channel_not_found: [
    'refused',
    'correct room: the id at the end of the room’s details, such as C0123456789; a private room needs an invitation',
  ],
  is_archived: ['refused', 'the room is archived; name another one'],
  internal_error: ['bad-answer', 'Slack is in trouble'],
  fatal_error: ['bad-answer', 'Slack is in trouble'],
  service_unavailable: ['bad-answer', 'Slack is in trouble'],
};
