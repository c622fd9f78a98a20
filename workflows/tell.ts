/** Telling people: started, never waited for, and never in a rollback's way. */
import { CancellationScope } from '@temporalio/workflow';
import type { AnnouncementKind } from '../src/core/announcement.js';
import { iso } from '../src/core/instant.js';
import { notDelivered } from '../src/core/silent-channels.js';
import type { AnnounceInput } from '../activities/facts.js';
import { records } from './activity-proxies.js';
import { record } from './recording.js';
import type { Run } from './run.js';

export interface Telling {
  readonly what: string;
  readonly why?: string;
  readonly next?: string;
  readonly who?: readonly string[];
}

export function tell(run: Run, kind: AnnouncementKind, { what, why, next, who }: Telling): void {
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
    since: iso(run.sinceMs),
    percent: run.observed?.percent ?? null,
    what,
    why: why ?? run.move.sentence,
    next: next ?? '',
    who: who ?? [],
  };
  for (const channel of run.plan.channels) deliver(run, { channel, announcement });
}

/** What an earlier run told and did not see arrive, once more: receivers know it by its id. */
export function tellAgain(run: Run): void {
  for (const input of Object.values(run.undelivered)) deliver(run, input);
}

function deliver(run: Run, input: AnnounceInput): void {
  const { channel, announcement } = input;
  const { id, kind } = announcement;
  const key = `${channel} ${id}`;
  run.undelivered[key] = input;
  run.telling += 1;
  // Outside the story's scope: a rollback must not silence what people were being told.
  void CancellationScope.nonCancellable(() => records(`${kind} → ${channel}`).announce(input))
    .catch((error: unknown) => record(run, 'trouble', { what: notDelivered, channel, kind, error: String(error) }))
    .finally(() => {
      run.telling -= 1;
      run.undelivered = Object.fromEntries(Object.entries(run.undelivered).filter(([one]) => one !== key));
    });
}
