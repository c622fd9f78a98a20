/** Whether a flag that is up still has a rollout behind it: pure, from the flag's record and how its owner stands. */
import type { FlagRecord } from './flag-record.js';
import { formatInstant } from './instant.js';
import { formatPercent } from './number-text.js';

/** How the rollout that owns a flag stands. */
export type OwnerStanding =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed';
      /** Its outcome, or how Temporal ended it when that was not its own doing: `terminated`, `failed`, `timed-out`. */
      readonly how: string;
      /** What it last knew the flag to be at; null: it left no word of that. */
      readonly percent: number | null;
      /** ISO instant. */
      readonly at: string | null;
    }
  /** The server knows no such rollout: its retention is over, or its database was lost. */
  | { readonly kind: 'unknown'; readonly pack: 'begun' | 'none' };

export interface OrphanVerdict {
  /** `fine`: watched, or done. `orphan`: up, and nobody will ever take it back. `noteworthy`: worth a look, no alarm. */
  readonly kind: 'fine' | 'orphan' | 'noteworthy';
  /** Why, as the end of `production/x is at 50 %: …`. */
  readonly why: string;
}

/** @param record - of a flag above 0, or with a rule that cannot be read. */
export function judgeOwner({ percent }: Pick<FlagRecord, 'percent'>, standing: OwnerStanding): OrphanVerdict {
  switch (standing.kind) {
    case 'open':
      return { kind: 'fine', why: 'its rollout runs' };
    case 'closed':
      return judgeClosed(percent, standing);
    case 'unknown':
      // A flag stays at 100 % for years; the server forgets its rollout after days.
      if (percent === 100 && standing.pack === 'none') {
        return {
          kind: 'noteworthy',
          why: 'Temporal does not know its rollout any more, and the archive has no pack of it: it completed long ago, or was lost',
        };
      }
      return {
        kind: 'orphan',
        why:
          standing.pack === 'begun'
            ? 'Temporal does not know its rollout any more, and its pack has no end'
            : 'Temporal does not know its rollout, and the archive has no pack of it',
      };
  }
}

function judgeClosed(
  percent: number | null,
  { how, percent: left, at }: Extract<OwnerStanding, { kind: 'closed' }>,
): OrphanVerdict {
  const when = at === null ? '' : ` at ${formatInstant(at)}`;
  if (how !== 'completed') return { kind: 'orphan', why: `its rollout ended as ${how}${when}` };
  if (percent === left) return { kind: 'fine', why: `its rollout completed${when}` };
  return {
    kind: 'noteworthy',
    why: `its rollout completed at ${formatPercent(left)}${when}; somebody changed the flag since`,
  };
}

/** The command that takes an orphan back, on one line to copy. */
export const wayBack = (environment: string, flag: string): string =>
  `holdpoint rollback ${environment}/${flag} --reason "nobody watches it"`;
