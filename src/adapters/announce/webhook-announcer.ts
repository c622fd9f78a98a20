/** Announcements as signed HTTP posts, after Standard Webhooks: receivers verify the signature and de-duplicate on the id. */
import { Webhook } from 'standardwebhooks';
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { askHttp, excerpt, troubleReasons, type HttpOutcome } from '../ask-http.js';
import type { Channel } from './announcer.js';

export interface WebhookOptions {
  /** The channel's id, for messages: the address itself may be a secret. */
  readonly id: string;
  readonly url: string;
  /** `whsec_…`, see `isWebhookSecret`. */
  readonly secret: string;
}

const limitMs = 10_000;
const limitBytes = 65_536;

/** Posts `{type: 'rollout.<kind>', timestamp, data}`, or `comms.<moment>`. A 2xx is taken as delivered, whatever it says. */
export function openWebhookAnnouncer({ id, url, secret }: WebhookOptions): Channel {
  const webhook = new Webhook(secret);
  const send = async (message: { readonly id: string; readonly type: string; readonly at: string; data: unknown }) => {
    const body = JSON.stringify({ type: message.type, timestamp: message.at, data: message.data });
    const sentAt = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': webhook.sign(message.id, sentAt, body),
    };
    judgeAnswer(id, await askHttp({ url, method: 'POST', headers, body, limitMs, limitBytes }));
  };
  return {
    announce: (told) => send({ id: told.id, type: `rollout.${told.kind}`, at: told.at, data: told }),
    post: (notice) => send({ id: notice.id, type: `comms.${notice.moment}`, at: notice.at, data: notice }),
  };
}

function judgeAnswer(id: string, outcome: HttpOutcome): void {
  const failed = (reason: AdapterErrorReason, why: string, retryAfterMs: number | null = null): AdapterError =>
    new AdapterError(
      `channel ${id}`,
      reason,
      `The channel "${id}" did not take the announcement: ${why}. It is tried again.`,
      { retryAfterMs },
    );
  const { status } = outcome;
  // Also when the rest of the answer broke off or was too long: sending again would only tell people twice.
  if (status !== null && status >= 200 && status < 300) return;
  if (outcome.kind === 'trouble') throw failed(troubleReasons[outcome.reason], outcome.detail);
  if (outcome.status >= 300 && outcome.status < 400) {
    throw failed('refused', `status ${status}, and redirects are not followed; configure the final address`);
  }
  throw failed(
    outcome.status < 500 ? 'refused' : 'bad-answer',
    `status ${status} ${excerpt(outcome.text, 100)}`.trim(),
    outcome.retryAfterMs,
  );
}
