/** One locked step of a document store: read, decide, write, read back. Shared by the file store and its fake. */
import type { FlagRecord, Receipt } from '../../core/flag-record.js';
import { decideClaim, decideFlip, decideSafeState, type WriteDecision } from './decide-write.js';
import { applyWrite, readRecord, type FlagDocument, type FlagWrite } from './flag-document.js';
import type { ClaimRequest, FlipRequest, SafeStateRequest, WriteOutcome } from './flag-store.js';

/** `set`: a flip by a person, outside of a rollout. */
export type FlagAction = 'claim' | 'flip' | 'set' | 'rollback';

export interface Step {
  readonly action: FlagAction;
  readonly key: string;
  /** Who owns the flag after it; null: nobody. */
  readonly owner: string | null;
  readonly by: string;
  readonly reason: string;
  readonly decide: (record: FlagRecord) => WriteDecision;
  readonly write: (record: FlagRecord, fence: number) => FlagWrite;
}

export const claimStep = (request: ClaimRequest): Step => ({
  action: 'claim',
  ...who(request),
  decide: (record) => decideClaim(record, request),
  write: (_, fence) => ({ percent: 0, fence, owner: request.owner, safeState: request.safeState, set: {} }),
});

export const flipStep = (request: FlipRequest): Step => ({
  action: request.replaces === undefined ? 'flip' : 'set',
  ...who(request),
  decide: (record) => decideFlip(record, request),
  write: (record, fence) => ({
    percent: request.percent,
    fence,
    owner: request.owner,
    safeState: record.safeState,
    set: {},
  }),
});

export const safeStateStep = (request: SafeStateRequest): Step => ({
  action: 'rollback',
  ...who(request),
  // The values to hold are those asked for now, not those an earlier claim wrote down.
  decide: (record) => decideSafeState(record, request),
  write: (record, fence) => {
    const safeState = request.safeState ?? record.safeState;
    const set = safeState?.set ?? {};
    return { percent: 0, fence, owner: request.owner, safeState, set, breakGlass: request.breakGlass };
  },
});

const who = ({ key, owner, by, reason }: ClaimRequest | FlipRequest | SafeStateRequest) => ({
  key,
  owner,
  by,
  reason,
});

/** Null: nothing is to be written, `outcome` says why. */
export type StepResult =
  | { readonly kind: 'done'; readonly outcome: WriteOutcome }
  | {
      readonly kind: 'write';
      readonly before: FlagRecord;
      readonly document: FlagDocument;
      readonly after: FlagRecord;
    };

export function takeStep(document: FlagDocument, step: Step, at: string): StepResult {
  const before = readRecord(document, step.key);
  const decision = step.decide(before);
  if (decision.kind === 'refused') return { kind: 'done', outcome: decision };
  if (decision.kind === 'already') {
    const receipt = receiptFor(before, step, { writtenAt: at, provenAt: at });
    return { kind: 'done', outcome: { kind: 'written', receipt, record: before, repeated: true } };
  }
  const next = applyWrite(document, step.key, step.write(before, decision.fence));
  return { kind: 'write', before, document: next, after: readRecord(next, step.key) };
}

export function receiptFor(
  record: FlagRecord,
  { by, reason }: Pick<Step, 'by' | 'reason'>,
  { writtenAt, provenAt }: { readonly writtenAt: string; readonly provenAt: string | null },
): Receipt {
  const proof = provenAt === null ? ({ state: 'written' } as const) : ({ state: 'proven', provenAt } as const);
  return {
    ...proof,
    percent: record.percent ?? 0,
    fence: record.fence,
    revision: record.revision,
    writtenAt,
    by,
    reason,
  };
}

/** A read-back proves a write when it shows our fence, our percent and the safe values. */
export const proves = (readBack: FlagRecord, written: FlagRecord): boolean =>
  readBack.fence === written.fence &&
  readBack.percent === written.percent &&
  readBack.safeValuesHeld === written.safeValuesHeld;
