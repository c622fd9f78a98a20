/** Every activity, made from what the world offers. The workflow knows only this function's return type. */
import type { ActivityDeps } from './deps.js';
import { createFlagWrites } from './flag-writes.js';
import { createGuard } from './guard.js';
import { createLook } from './look.js';
import { createRecords } from './records.js';
import { createSmoke } from './smoke.js';

export function createActivities(deps: ActivityDeps) {
  return {
    ...createFlagWrites(deps),
    ...createLook(deps),
    ...createGuard(deps),
    ...createSmoke(deps),
    ...createRecords(deps),
  };
}
