/** A workflow that waits for people as long as it takes goes on in a new run whenever its history has grown long. */
import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';
import { archive, auditToCarry, canBeCarried } from './archiving.js';
import { record, type Recorded, type Records } from './recording.js';

/** Four days of a promise that nobody keeps; the server's own word comes at four times as many. */
const mostEvents = 1_000;

function historyIsLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > mostEvents;
}

/**
 * Ends a wait after so much was noted that the history may have grown long. It does not ask for the length itself: see
 * `onlyEventsCount`.
 * @param before - what ended a wait in histories from before that.
 */
export function muchWasNoted(run: Recorded & { readonly refusals: number }, before: () => boolean): () => boolean {
  if (!run.onlyEventsCount) return before;
  // Of refusals past a number only the number is kept.
  const noted = (): number => run.audit.seq + run.refusals;
  const most = noted() + 40;
  return () => noted() >= most;
}

/** One that could not go on just now tries again when it wakes for something else. */
export function becomesLong(): () => boolean {
  const wasLong = historyIsLong();
  return () => !wasLong && historyIsLong();
}

/** How long archive, announcements and answers are waited for. If they take longer, the old run goes on for a while. */
const patienceMs = 10_000;

/** Nothing under way is left behind. False: not now. Between its true and the end of this run no message is taken. */
export async function comeToRest(run: Recorded): Promise<boolean> {
  if (!historyIsLong()) return false;
  void archive(run, { summary: 'so far', result: null });
  const isAtRest = (): boolean => run.telling === 0 && allHandlersFinished();
  await condition(isAtRest, patienceMs, { summary: 'the history is long: going on in a new one' });
  return isAtRest() && canBeCarried(run);
}

/** What JSON keeps: no functions, so no Map, no Set, no scope. */
type Json<T> = T extends (...args: never[]) => unknown ? never : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

/** `own` names each field that is not carried: one that is forgotten, there or among what is carried, is an error of types. */
export function handOn<Carried extends Records, Run extends Carried & Recorded & Json<Carried>>(
  run: Run,
  own: Readonly<Record<Exclude<keyof Run, keyof Carried>, true>>,
): Carried {
  record(run, 'continued', { events: workflowInfo().historyLength });
  const carried = Object.entries({ ...run, audit: auditToCarry(run) }).filter(([field]) => !(field in own));
  return Object.fromEntries(carried) as unknown as Carried;
}
