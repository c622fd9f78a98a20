/** Checklist items that are late: who shall attest them is told, once. */
import { formatClock } from '../src/core/instant.js';
import type { ChecklistItem } from '../src/core/plan.js';
import { record } from './recording.js';
import type { Run } from './run.js';
import { tell } from './tell.js';
import { missingItems, opensAtMs } from './view.js';

const untold = (run: Run): { readonly item: ChecklistItem; readonly dueMs: number }[] =>
  missingItems(run).flatMap((item) =>
    item.dueMs === null || run.gate.lateTold[item.id] === true ? [] : [{ item, dueMs: opensAtMs(run) + item.dueMs }],
  );

/** When the next missing item is due; null when none is, or all were told. */
export function nextDueMs(run: Run): number | null {
  const times = untold(run).map(({ dueMs }) => dueMs);
  return times.length === 0 ? null : Math.min(...times);
}

export function tellLate(run: Run): void {
  const now = Date.now();
  for (const { item, dueMs } of untold(run)) {
    if (dueMs > now) continue;
    run.gate.lateTold[item.id] = true;
    record(run, 'deadline', { of: 'checklist', stage: run.stage, item: item.id, action: 'ask' });
    tell(run, 'reminder', {
      what: `${item.title}: not attested, due ${formatClock(dueMs, now)}.`,
      next: `holdpoint attest ${item.id} ${run.plan.flag.environment}/${run.plan.flag.key}`,
      who: item.role === null ? ['on-call'] : [item.role],
    });
  }
}
