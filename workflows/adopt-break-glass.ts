/** The flag was taken back without Temporal: that is this rollout's rollback, proven by what the store holds now. */
import { formatInstant, iso } from '../src/core/instant.js';
import type { FlagRecord } from '../src/core/flag-record.js';
import type { ClosingEnding } from './ending.js';
import { openReview } from './open-review.js';
import { record } from './recording.js';
import type { Run } from './run.js';
import { tell } from './tell.js';

/** @param found - at the safe state, read in the locked step in which the store refused an automatic write. */
export function adopt(run: Run, found: FlagRecord): ClosingEnding {
  const now = iso(Date.now());
  const owner = found.owner ?? 'nobody';
  const { by, reason, at } = found.breakGlass ?? { by: owner, reason: 'no reason noted', at: now };
  const receipt = {
    state: 'proven',
    percent: 0,
    fence: found.fence,
    revision: found.revision,
    writtenAt: at,
    provenAt: now,
    by,
    reason,
  } as const;
  run.answer = { written: true, ...receipt };
  run.intended = 0;
  run.fence = found.fence;
  run.revision = found.revision;
  run.drift = null;
  record(run, 'rollback', { askedAt: at, receipt, adopted: owner });
  tell(run, 'rolled-back', {
    what: `${run.plan.flag.key} is back at 0 %: ${by} took it back without Temporal ${formatInstant(at)}. Proven by reading it back.`,
    why: reason,
    next: 'Nothing moves by itself any more. Another person has to review it.',
    who: ['on-call', 'release-manager'],
  });
  if (found.breakGlass !== null) openReview(run, found.breakGlass);
  return { kind: 'roll-back', reason: `${by} took the flag back without Temporal: ${reason}` };
}
