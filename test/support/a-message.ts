/** A text of a person, on its way. */
import { noticeId, type SendMessage } from '../../src/core/comms.js';
import { noticeDigest, type Notice } from '../../src/core/notice.js';
import { notice } from './contracts/announcer-contract.js';

export interface MessageChanges {
  readonly notice?: Partial<Notice>;
  readonly channel?: SendMessage['channel'];
  readonly nextUpdateAt?: string | null;
}

/** Confirmed where it is for customers, unless `confirmed` says otherwise. */
export function aMessage({ notice: over = {}, channel, nextUpdateAt = null }: MessageChanges = {}): SendMessage {
  const to = channel ?? { id: 'room', audience: 'staff' as const };
  const written = notice(over);
  const confirmed =
    over.confirmed === undefined && written.audience === 'customers'
      ? { by: written.by, digest: noticeDigest(written) }
      : written.confirmed;
  return {
    notice: { ...written, confirmed, id: over.id ?? noticeId(written, to.id) },
    channel: to,
    nextUpdateAt,
    remindBeforeMs: 10 * 60_000,
    remindEveryMs: 15 * 60_000,
    escalateTo: 'comms-lead',
  };
}

export const toCustomers = (over: Partial<Notice> = {}, nextUpdateAt: string | null = null): SendMessage =>
  aMessage({
    notice: { audience: 'customers', template: 'incident-initial-status-page', medium: 'status-page', ...over },
    channel: { id: 'status', audience: 'customers' },
    nextUpdateAt,
  });
