/** One step of a store that is asked over the network: read, decide, write, read back. The traps of each are its own. */
import type { FlagRecord } from '../../core/flag-record.js';
import type { FlagValues } from '../../core/plan.js';
import { isMultiple } from '../../core/percent-step.js';
import { longestStepMs } from '../../core/write-times.js';
import { AdapterError } from '../adapter-error.js';
import type { FlagWrite } from './flag-document.js';
import type { WriteOutcome } from './flag-store.js';
import { receiptFor, type Step } from './write-step.js';

/** Shared by all that one step asks. */
export interface Deadline {
  /** Throws when there is no time left: nothing is sent later than the workflow waits for it. */
  leftMs(): number;
}

export interface Seen {
  readonly record: FlagRecord;
}

export interface RemoteWrite {
  readonly step: Step;
  readonly write: FlagWrite;
  readonly deadline: Deadline;
}

/** `overtaken`: somebody wrote since the flag was read, and nothing of ours stays. `evidence`: what the store itself says of the write. */
export type RemoteAnswer =
  { readonly kind: 'landed'; readonly evidence?: string | undefined } | { readonly kind: 'overtaken' };

export interface RemoteFlags<S extends Seen> {
  readonly adapter: string;
  readonly percentStep: number;
  /** What has a place beside the percent. */
  readonly keeps: { readonly fence: boolean; readonly owner: boolean };
  read(key: string, deadline: Deadline): Promise<S>;
  write(seen: S, write: RemoteWrite): Promise<RemoteAnswer>;
  /** Whether other flags have the safe state's values. */
  holds(set: FlagValues, deadline: Deadline): Promise<boolean>;
  /** What an earlier attempt of a repeated request left undone; true: something was written now. */
  finish?(seen: S, step: Step, deadline: Deadline): Promise<boolean>;
}

export function deadlineFor(adapter: string, limitMs: number): Deadline {
  const endsAtMs = performance.now() + limitMs;
  return {
    leftMs: () => {
      const left = Math.floor(endsAtMs - performance.now());
      if (left >= 1) return left;
      throw new AdapterError(
        adapter,
        'timeout',
        `The flag store was not done within ${limitMs} ms, so nothing more was sent. Look whether it is slow or hangs; it is tried again.`,
      );
    },
  };
}

export async function takeRemoteStep<S extends Seen>(flags: RemoteFlags<S>, step: Step): Promise<WriteOutcome> {
  const deadline = deadlineFor(flags.adapter, longestStepMs);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryStep(flags, step, deadline);
    if (outcome !== 'overtaken') return outcome;
    // Two writers that overtake each other must not go on doing so in step.
    await new Promise((resolve) => setTimeout(resolve, Math.min(deadline.leftMs(), 20 * attempt * Math.random())));
  }
}

async function tryStep<S extends Seen>(
  flags: RemoteFlags<S>,
  step: Step,
  deadline: Deadline,
): Promise<WriteOutcome | 'overtaken'> {
  const seen = await flags.read(step.key, deadline);
  const decision = step.decide(asFarAsKept(flags, seen.record, step));
  if (decision.kind === 'refused') return { ...decision, record: seen.record };
  if (decision.kind === 'already') return repeatedStep(flags, seen, { step, deadline });
  const write = step.write(seen.record, flags.keeps.fence ? decision.fence : 0);
  refuseFraction(flags, step, write.percent);
  const answer = await flags.write(seen, { step, write, deadline });
  if (answer.kind === 'overtaken') return 'overtaken';
  const writtenAt = now();
  const { record } = await flags.read(step.key, deadline);
  // A rollback came in between; where it matters, what was written does not count any more.
  if (goesUp(step) && record.fence > write.fence) return { kind: 'refused', why: 'fence-lost', record };
  // Somebody else's claim overwrote this one, in a store that does not keep two writers apart.
  const isTheirs = record.owner !== write.owner && record.owner !== seen.record.owner;
  if (step.action === 'claim' && flags.keeps.owner && isTheirs) return 'overtaken';
  const held = step.action !== 'rollback' || (await safeValuesHeld(flags, record, { write, deadline }));
  const proven = held && shows(flags, record, write);
  const after = { ...record, percent: write.percent, fence: write.fence };
  const receipt = receiptFor(
    // The revision of what somebody else wrote since is not ours.
    proven ? record : { ...after, revision: seen.record.revision },
    step,
    { writtenAt, provenAt: proven ? now() : null },
  );
  const { evidence } = answer;
  return { kind: 'written', receipt: evidence === undefined ? receipt : { ...receipt, evidence }, record };
}

async function repeatedStep<S extends Seen>(
  flags: RemoteFlags<S>,
  seen: S,
  { step, deadline }: { readonly step: Step; readonly deadline: Deadline },
): Promise<WriteOutcome> {
  const wrote = (await flags.finish?.(seen, step, deadline)) ?? false;
  const record = wrote ? (await flags.read(step.key, deadline)).record : seen.record;
  const at = now();
  return {
    kind: 'written',
    receipt: receiptFor(record, step, { writtenAt: at, provenAt: at }),
    record,
    repeated: true,
  };
}

const goesUp = ({ action }: Step): boolean => action === 'flip' || action === 'set';

/** What a store has no place for cannot speak against a request. */
const asFarAsKept = <S extends Seen>({ keeps }: RemoteFlags<S>, record: FlagRecord, step: Step): FlagRecord =>
  keeps.owner ? record : { ...record, owner: step.action === 'claim' ? null : step.owner };

const safeValuesHeld = <S extends Seen>(
  flags: RemoteFlags<S>,
  record: FlagRecord,
  { write, deadline }: Pick<RemoteWrite, 'write' | 'deadline'>,
): Promise<boolean> => (flags.keeps.owner ? Promise.resolve(record.safeValuesHeld) : flags.holds(write.set, deadline));

const shows = <S extends Seen>({ keeps }: RemoteFlags<S>, record: FlagRecord, write: FlagWrite): boolean =>
  record.exists &&
  record.percent === write.percent &&
  (!keeps.fence || record.fence === write.fence) &&
  (!keeps.owner || record.owner === write.owner);

/** Rounded by the store, a percent would never read back as what was asked for. */
function refuseFraction<S extends Seen>(
  { adapter, percentStep }: RemoteFlags<S>,
  { key }: Step,
  percent: number,
): void {
  if (isMultiple(percent, percentStep)) return;
  throw new AdapterError(
    adapter,
    'not-configured',
    `${key} cannot be set to ${percent} %: this flag store knows only steps of ${percentStep} %. Correct the stages of the plan.`,
  );
}

const now = (): string => new Date().toISOString();
