/** Answers to messages: each with its reason, each recorded, accepted or not. */
import { readName } from '../src/core/person.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { record } from './recording.js';
import { isClosing, recordRefusal, type Run } from './run.js';

/** A message as it came: its name, and whatever its argument holds. */
export interface Message {
  readonly name: string;
  readonly members: Readonly<Record<string, unknown>>;
}

export function refuse(run: Run, { name, members }: Message, reason: string): MessageAnswer {
  recordRefusal(run, name, { by: readName(members['by']), why: reason });
  return { accepted: false, reason };
}

/** Notes who did what, and wakes the story. */
export function accept(
  run: Run,
  { name }: Message,
  { answer, ...data }: Readonly<Record<string, unknown>> & { readonly answer: string },
): MessageAnswer {
  record(run, 'message', { message: name, stage: run.stage, ...data });
  run.news += 1;
  return { accepted: true, reason: answer };
}

/** Why no move up can be changed any more; null while there is one. */
export function noMoveBecause(run: Run): string | null {
  return run.afterSinceMs === null
    ? endingBecause(run)
    : 'The rollout has passed its last gate; only its closing checklist is left.';
}

/** Why nothing can be changed any more; null while it can. */
export const endingBecause = (run: Run): string | null =>
  isClosing(run) ? 'The rollout is ending; nothing can be changed any more.' : null;
