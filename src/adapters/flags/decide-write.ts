/** What a store may do with a request, given what it holds: pure, so that every store decides alike. */
import type { FlagRecord, StoreRefusal } from '../../core/flag-record.js';
import type { ClaimRequest, FlipRequest, SafeStateRequest } from './flag-store.js';

/** `already`: an earlier attempt of this very request did it; nothing is written again. */
export type WriteDecision =
  StoreRefusal | { readonly kind: 'already' } | { readonly kind: 'write'; readonly fence: number };

const refuse = (why: StoreRefusal['why'], record: FlagRecord): StoreRefusal => ({ kind: 'refused', why, record });

export function decideClaim(record: FlagRecord, { owner, replaces }: ClaimRequest): WriteDecision {
  if (record.owner === owner && record.percent === 0) return { kind: 'already' };
  if (record.owner !== null && record.owner !== owner && record.owner !== replaces)
    return refuse('owned-by-another', record);
  if (record.percent === null) return refuse('unreadable-rule', record);
  if (record.percent !== 0) return refuse('not-at-zero', record);
  return { kind: 'write', fence: record.fence + 1 };
}

export function decideFlip(
  record: FlagRecord,
  { owner, replaces, fence, percent, expectedRevision }: FlipRequest,
): WriteDecision {
  const takesOver = replaces !== undefined;
  if (record.fence !== fence) return refuse('fence-lost', record);
  if (record.owner !== owner && !(takesOver && record.owner === replaces)) return refuse('owned-by-another', record);
  if (record.percent === percent) return { kind: 'already' };
  if (record.percent === null) return refuse('unreadable-rule', record);
  if (record.revision !== expectedRevision) return refuse('changed-since', record);
  return { kind: 'write', fence: takesOver ? fence + 1 : fence };
}

export function decideSafeState(
  record: FlagRecord,
  { owner, fence, asked, safeState }: SafeStateRequest,
): WriteDecision {
  // Made up from a mistyped key, a flag at 0 % would be proof of nothing.
  if (safeState === null && !record.exists) return refuse('no-such-flag', record);
  const safe = record.percent === 0 && record.safeValuesHeld;
  if (record.owner === owner && record.fence > fence && safe) return { kind: 'already' };
  if (asked === 'automatic' && record.owner !== owner) return refuse('owned-by-another', record);
  return { kind: 'write', fence: record.fence + 1 };
}
