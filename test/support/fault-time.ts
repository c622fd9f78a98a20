/** Which fault cases run when: the fast ones in every `npm test`, all of them in `npm run test:faults`. */
import { it } from 'vitest';

export const allFaults = process.env['HOLDPOINT_ALL_FAULTS'] !== undefined;

/** For a case that takes long: skipped where there is no time. */
export const slowly = it.runIf(allFaults);
