/** Telling people what a rollout does; what is not known to have arrived is told once more by the next run. */
import type { AnnouncementKind } from '../src/core/announcement.js';
import { iso } from '../src/core/instant.js';
import type { AnnounceInput } from '../activities/facts.js';
import { announcementsOf, deliver } from './announcing.js';
import type { Run } from './run.js';

export interface Telling {
  readonly what: string;
  readonly why?: string;
  readonly next?: string;
  readonly who?: readonly string[];
}

export function tell(run: Run, kind: AnnouncementKind, telling: Telling): void {
  const since = iso(run.sinceMs);
  const percent = run.observed?.percent ?? null;
  const words = { since, percent, why: run.move.sentence, next: '', who: [], ...telling };
  for (const input of announcementsOf(run, kind, words)) untilDelivered(run, input);
}

/** What an earlier run told and did not see arrive, once more: receivers know it by its id. */
export function tellAgain(run: Run): void {
  for (const input of Object.values(run.undelivered)) untilDelivered(run, input);
}

function untilDelivered(run: Run, input: AnnounceInput): void {
  const key = `${input.channel} ${input.announcement.id}`;
  run.undelivered[key] = input;
  void deliver(run, input).finally(() => {
    run.undelivered = Object.fromEntries(Object.entries(run.undelivered).filter(([one]) => one !== key));
  });
}
