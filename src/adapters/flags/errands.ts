/** Steps that wait for the same document are written together: a hundred rollbacks at once cost a few writes, not a hundred. */
import type { FlagRecord } from '../../core/flag-record.js';
import type { FlagDocument } from './flag-document.js';
import type { WriteOutcome } from './flag-store.js';
import { takeStep, type Step } from './write-step.js';

/** One step on its way to the document. */
export interface Errand {
  readonly step: Step;
  /** Somebody writes or has written it; false: it waits. */
  taken: boolean;
  readonly outcome: Promise<WriteOutcome>;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Each step costs a copy of the document's list of flags, and nothing else runs meanwhile. */
const mostTogether = 100;

export function openErrands() {
  let waiting: Errand[] = [];
  return {
    add: (step: Step): Errand => {
      const { promise: outcome, resolve, reject } = deferred();
      // Whoever added it asks for the outcome when it has its turn, which may be later than a failure.
      outcome.catch(() => undefined);
      const errand: Errand = { step, taken: false, outcome, resolve, reject };
      waiting.push(errand);
      return errand;
    },
    /** What waits and is not left to others: rollbacks first, each group in the order it came. */
    take: (isOurs: (errand: Errand) => boolean): Errand[] => {
      const ours = waiting.filter(isOurs);
      const [first, rest] = [ours.filter(isRollback), ours.filter((one) => !isRollback(one))];
      const batch = [...first, ...rest].slice(0, mostTogether);
      for (const errand of batch) errand.taken = true;
      waiting = waiting.filter(({ taken }) => !taken);
      return batch;
    },
  };
}

export const isRollback = ({ step }: Errand): boolean => step.action === 'rollback';

export interface TakenSteps {
  /** With every write of the batch in it. */
  readonly document: FlagDocument;
  readonly writes: readonly { readonly errand: Errand; readonly before: FlagRecord; readonly after: FlagRecord }[];
  /** Nothing is to be written for them. */
  readonly done: readonly { readonly errand: Errand; readonly outcome: WriteOutcome }[];
  /** They touch a flag that an earlier one of the batch writes: what that one wrote must be read back first. */
  readonly postponed: readonly Errand[];
}

export function takeSteps(document: FlagDocument, errands: readonly Errand[], at: string): TakenSteps {
  const [writes, done, postponed] = [[], [], []] as [Mutable<'writes'>, Mutable<'done'>, Errand[]];
  const touched = new Set<string>();
  let together = document;
  for (const errand of errands) {
    const result = touched.has(errand.step.key) ? null : takeStep(together, errand.step, at);
    const touches = result?.kind === 'write' ? changedIn(together, result.document) : [];
    if (result === null || touches.some((key) => touched.has(key))) postponed.push(errand);
    else if (result.kind === 'done') done.push({ errand, outcome: result.outcome });
    else {
      for (const key of touches) touched.add(key);
      together = result.document;
      writes.push({ errand, before: result.before, after: result.after });
    }
  }
  return { document: together, writes, done, postponed };
}

type Mutable<K extends 'writes' | 'done'> = TakenSteps[K][number][];

/** A write leaves every flag that it does not touch the very object it was. */
const changedIn = (before: FlagDocument, after: FlagDocument): string[] =>
  Object.keys(after.flags).filter((key) => after.flags[key] !== before.flags[key]);

function deferred() {
  let resolve: (outcome: WriteOutcome) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<WriteOutcome>((onDone, onFailure) => {
    resolve = onDone;
    reject = onFailure;
  });
  return { promise, resolve, reject };
}
