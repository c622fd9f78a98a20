/** What must hold of every rollout, however it went, checked on all that was recorded of it. */
import { expect } from 'vitest';
import { everyRiseIsEarned } from './invariants/earned.js';
import {
  eachTransitionHappensOnce,
  nothingRisesAfterARollback,
  percentMovesAlongThePlan,
} from './invariants/percents.js';
import { everyTransitionIsRecorded } from './invariants/recorded.js';
import { clientConverges, documentIsNeverTorn } from './invariants/seen.js';
import type { Invariant, Story } from './invariants/story.js';

const invariants: Readonly<Record<string, Invariant>> = {
  'I1 the percent moves only along the plan, or to 0': percentMovesAlongThePlan,
  'I2 after an accepted rollback nothing rises': nothingRisesAfterARollback,
  'I3 nothing rises without fresh passing evidence and its people': everyRiseIsEarned,
  'I4 each transition happens once': eachTransitionHappensOnce,
  'I5 every transition is in the audit, and its chain is whole': everyTransitionIsRecorded,
  'I6 the document always parses, and a client keeps the last good one': documentIsNeverTorn,
  'I7 a client ends where the document is': clientConverges,
};

/** Each as `I2 …: what is wrong`. */
export const violationsOf = (story: Story): string[] =>
  Object.entries(invariants).flatMap(([name, check]) => check(story).map((what) => `${name}: ${what}`));

export function assertInvariants(story: Story): void {
  expect(violationsOf(story).join('\n')).toBe('');
}
