/** Steps that wait for the same document are written together: a hundred rollbacks at once cost a few writes, not a hundred. */
import type { FlagDocument } from './flag-document.js';
import type { WriteOutcome } from './flag-store.js';
import { takeStep, type Step, type StepResult } from './write-step.js';

/** One step on its way to the document. */
export interface Errand {
  readonly step: Step;
  /** In somebody's batch, or settled; false: it waits. */
  taken: boolean;
  readonly outcome: Promise<WriteOutcome>;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Each step costs a copy of the document's list of flags, and nothing else runs meanwhile. */
const mostTogether = 100;

export function openErrands() {
  const waiting = new Map<string, Errand[]>();
  return {
    add: (target: string, step: Step): Errand => {
      const { promise: outcome, resolve, reject } = deferred();
      // Whoever added it asks for the outcome when it has its turn, which may be later than a failure.
      outcome.catch(() => undefined);
      const errand: Errand = { step, taken: false, outcome, resolve, reject };
      waiting.set(target, [...(waiting.get(target) ?? []), errand]);
      return errand;
    },
    /** What waits for the document, rollbacks first, each group in the order it came. */
    take: (target: string): Errand[] => {
      const all = (waiting.get(target) ?? []).filter(({ taken }) => !taken);
      const [first, rest] = [all.filter(isRollback), all.filter((one) => !isRollback(one))];
      const batch = [...first, ...rest].slice(0, mostTogether);
      for (const errand of batch) errand.taken = true;
      const left = all.filter(({ taken }) => !taken);
      if (left.length === 0) waiting.delete(target);
      else waiting.set(target, left);
      return batch;
    },
    putBack: (target: string, errands: readonly Errand[]): void => {
      if (errands.length === 0) return;
      for (const errand of errands) errand.taken = false;
      waiting.set(target, [...errands, ...(waiting.get(target) ?? [])]);
    },
  };
}

export const isRollback = ({ step }: Errand): boolean => step.action === 'rollback';

export interface TakenSteps {
  /** With every write of the batch in it. */
  readonly document: FlagDocument;
  readonly entries: readonly { readonly errand: Errand; readonly result: StepResult }[];
  /** They touch a flag that an earlier one of the batch writes: what that one wrote must be read back first. */
  readonly postponed: readonly Errand[];
}

export function takeSteps(document: FlagDocument, batch: readonly Errand[], at: string): TakenSteps {
  let together = document;
  const entries: { errand: Errand; result: StepResult }[] = [];
  const postponed: Errand[] = [];
  const touched = new Set<string>();
  for (const errand of batch) {
    const result = touched.has(errand.step.key) ? null : takeStep(together, errand.step, at);
    const touches = result?.kind === 'write' ? changedIn(together, result.document) : [];
    if (result === null || touches.some((key) => touched.has(key))) {
      postponed.push(errand);
      continue;
    }
    if (result.kind === 'write') together = result.document;
    for (const key of touches) touched.add(key);
    entries.push({ errand, result });
  }
  return { document: together, entries, postponed };
}

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
