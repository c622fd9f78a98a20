/** Flags that are up with no rollout behind them, each with the command that takes it back. */
import { findOrphans, type OrphanFindings } from '../orphans.js';
import { RolloutError } from '../rollout-error.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import type { Check } from './place.js';

const about = 'orphans';

export const orphans: Check = {
  about,
  silence: 'wrong',
  look: async ({ adapters, temporal }) => {
    const entered = await temporal.catch((error: unknown) => {
      if (error instanceof RolloutError) return null;
      throw error;
    });
    return orphanLines(await findOrphans({ ...adapters, client: entered?.reach.client ?? null }));
  },
};

export function orphanLines({
  flags,
  orphans: found,
  noteworthy,
  untold,
  foreign,
  unread,
}: OrphanFindings): DoctorLine[] {
  const others = foreign === 0 ? '' : `; ${foreign} more are up and not Holdpoint's business`;
  const clear = found.length + untold.length + unread.length === 0;
  return [
    ...found.map(({ sentence, back }) => wrong(about, sentence, back)),
    ...untold.map(({ sentence, back }) => warn(about, sentence, `If it must come down now: ${back}`)),
    ...noteworthy.map(({ sentence, back }) => warn(about, sentence, `If it should not be up: ${back}`)),
    ...unread.map(({ store }) => warn(about, `cannot tell for flag store ${store}, which cannot be read`, null)),
    ...(clear ? [ok(about, `none among ${flags} flags${others}`)] : []),
  ];
}
