/** Every rule a plan must keep, beyond the form of its fields. */
import { eventsAreCounted, limitsFit, oneLimit } from './check-limits.js';
import { oneSource, queriesGiveOne, queriesParse } from './check-sources.js';
import { windowsAreTheirs, windowsFitHolds } from './check-windows.js';
import { duesCanCome, duesComeInTime, itemsAreAnswered, phasesAreBefore } from './checklists.js';
import { comparisonsHold } from './comparisons.js';
import { holdsFitDeadline, thenNeedsAfter } from './deadlines.js';
import { guardIsFaster, rhythmsFit, safeStateIsOthers } from './flag-and-watch.js';
import { gatesDecide, remindersComeInTime } from './gates.js';
import { percentagesEnd, percentagesRise } from './percentages.js';
import { checksExist, namedOnce, slisExist } from './references.js';
import type { Rule } from './rule.js';
import {
  checksAreUsed,
  rollbackNeedsEvents,
  rollbackNeedsWatch,
  settingsAreRead,
  somethingRollsBack,
  streaksFitHolds,
} from './warnings.js';

export const planRules: readonly Rule[] = [
  percentagesRise,
  percentagesEnd,
  checksExist,
  slisExist,
  namedOnce,
  oneSource,
  queriesParse,
  queriesGiveOne,
  comparisonsHold,
  oneLimit,
  limitsFit,
  eventsAreCounted,
  windowsFitHolds,
  windowsAreTheirs,
  gatesDecide,
  remindersComeInTime,
  itemsAreAnswered,
  duesCanCome,
  duesComeInTime,
  phasesAreBefore,
  holdsFitDeadline,
  thenNeedsAfter,
  safeStateIsOthers,
  guardIsFaster,
  rhythmsFit,
  somethingRollsBack,
  rollbackNeedsWatch,
  rollbackNeedsEvents,
  checksAreUsed,
  settingsAreRead,
  streaksFitHolds,
];
