/** Announcements as signed HTTP posts, after Standard Webhooks: receivers verify the signature and de-duplicate on the id. */
import { Webhook } from 'standardwebhooks';
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { askHttp, excerpt } from '../ask-http.js';
import type { Announcer } from './announcer.js';

export interface WebhookOptions {
  /** The channel's id, for messages: the address itself may be a secret. */
  readonly id: string;
  readonly url: string;
  /** `whsec_…`, see `isWebhookSecret`. */
  readonly secret: string;
}

const reasons = {
  timeout: 'timeout',
  unreachable: 'unreachable',
  stopped: 'unreachable',
  'too-large': 'bad-answer',
} as const;
const limitMs = 10_000;
const limitBytes = 65_536;

/** Posts `{type: 'rollout.<kind>', timestamp, data: Announcement}`. A 2xx is taken as delivered, whatever it says. */
export function openWebhookAnnouncer({ id, url, secret }: WebhookOptions): Announcer {
  const adapter = `channel ${id}`;
  const webhook = new Webhook(secret);
  const failed = (reason: AdapterErrorReason, why: string): AdapterError =>
    new AdapterError(adapter, reason, `The channel "${id}" did not take the announcement: ${why}. It is tried again.`);
  return {
    announce: async (announcement) => {
      const body = JSON.stringify({
        type: `rollout.${announcement.kind}`,
        timestamp: announcement.at,
        data: announcement,
      });
      const sentAt = new Date();
      const headers = {
        'content-type': 'application/json',
        'webhook-id': announcement.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': webhook.sign(announcement.id, sentAt, body),
      };
      const outcome = await askHttp({ url, method: 'POST', headers, body, limitMs, limitBytes });
      const { status } = outcome;
      // Also when the rest of the answer broke off or was too long: sending again would only tell people twice.
      if (status !== null && status >= 200 && status < 300) return;
      if (outcome.kind === 'trouble') throw failed(reasons[outcome.reason], outcome.detail);
      if (outcome.status >= 300 && outcome.status < 400) {
        throw failed('refused', `status ${status}, and redirects are not followed; configure the final address`);
      }
      throw failed(
        outcome.status < 500 ? 'refused' : 'bad-answer',
        `status ${status} ${excerpt(outcome.text, 100)}`.trim(),
      );
    },
  };
}
