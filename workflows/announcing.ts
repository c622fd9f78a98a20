/** Announcing what happens: started, never waited for, and never in a rollback's way. */
import { CancellationScope } from '@temporalio/workflow';
import type { Announcement, AnnouncementKind } from '../src/core/announcement.js';
import { iso } from '../src/core/instant.js';
import { notDelivered } from '../src/core/silent-channels.js';
import type { AnnounceInput } from '../activities/facts.js';
import { records } from './activity-proxies.js';
import { record, type Recorded } from './recording.js';
import { rootMessage } from './root-message.js';

/** What the run itself does not know. Without a percent it is not about one. */
export type Words = Pick<Announcement, 'since' | 'what' | 'why' | 'next' | 'who'> &
  Partial<Pick<Announcement, 'percent'>>;

export function announce(run: Recorded, kind: AnnouncementKind, words: Words): void {
  for (const input of announcementsOf(run, kind, words)) void deliver(run, input);
}

/** One for each channel, all with the same id. */
export function announcementsOf(run: Recorded, kind: AnnouncementKind, words: Words): readonly AnnounceInput[] {
  run.announcements += 1;
  const announcement = {
    id: `${run.runId}/${run.announcements}/${kind}`,
    kind,
    rollout: run.workflowId,
    runId: run.runId,
    flag: run.plan.flag.key,
    environment: run.plan.flag.environment,
    plan: run.plan.name,
    at: iso(Date.now()),
    percent: null,
    ...words,
  };
  return run.plan.channels.map((channel) => ({ channel, announcement }));
}

/** Outside every scope: neither a rollback nor a cancellation silences what people are being told. Its failure is noted. */
export function deliver(run: Recorded, input: AnnounceInput): Promise<void> {
  const { channel, announcement } = input;
  const { kind } = announcement;
  run.telling += 1;
  return CancellationScope.nonCancellable(() => records(`${kind} → ${channel}`).announce(input))
    .catch((error: unknown) => record(run, 'trouble', { what: notDelivered, channel, kind, error: rootMessage(error) }))
    .finally(() => {
      run.telling -= 1;
    });
}
