/** Channels that do not take what they are told: shown to people, and in nobody's way. */
import type { Announcement } from './announcement.js';
import type { AuditEntry } from './audit.js';
import { formatInstant } from './instant.js';

export interface SilentChannel {
  readonly channel: string;
  /** ISO instant of the oldest announcement that it has not taken. */
  readonly since: string;
  readonly sentence: string;
}

export interface Undelivered {
  readonly channel: string;
  readonly announcement: Pick<Announcement, 'kind' | 'at'>;
}

/** What is under way for less than this is no news. */
const lateMs = 60_000;

/** What the audit says of an announcement that was given up. */
export const notDelivered = 'announcement not delivered';

interface Told {
  /** On their way now. */
  readonly undelivered: readonly Undelivered[];
  readonly audit: readonly AuditEntry[];
  readonly nowMs: number;
}

/** One a channel, in the order of the alphabet. */
export function silentChannels({ undelivered, audit, nowMs }: Told): SilentChannel[] {
  const late = undelivered.filter(({ announcement }) => nowMs - Date.parse(announcement.at) > lateMs);
  const lost = audit.filter(({ kind, data }) => kind === 'trouble' && data['what'] === notDelivered);
  const names = [...late.map(({ channel }) => channel), ...lost.map(({ data }) => String(data['channel']))];
  return [...new Set(names)].toSorted().map((channel) => {
    const waiting = late.filter((one) => one.channel === channel).map(({ announcement }) => announcement);
    const gone = lost.filter(({ data }) => data['channel'] === channel);
    const times = [...waiting.map(({ at }) => at), ...gone.map(({ at }) => at)].toSorted();
    const parts = [
      ...(waiting.length === 0 ? [] : [`${waiting.map(({ kind }) => kind).join(', ')} still tried`]),
      ...(gone.length === 0 ? [] : [`${gone.map(({ data }) => String(data['kind'])).join(', ')} given up`]),
    ];
    const since = times[0] ?? '';
    return {
      channel,
      since,
      sentence: `The channel ${channel} does not take what it is told since ${formatInstant(since)}: ${parts.join('; ')}. Nothing waits for it. See: holdpoint doctor`,
    };
  });
}
