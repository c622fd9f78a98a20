/** The safe state is about other flags; the watch keeps a sensible rhythm. */
import { formatDuration } from '../../core/duration.js';
import type { Found, Rule } from './rule.js';

export const safeStateIsOthers: Rule = ({ draft: { flag } }) =>
  flag === null || !Object.hasOwn(flag.rollback.set, flag.key)
    ? []
    : [
        {
          path: ['flag', 'rollback', 'set', flag.key],
          message: `"${flag.key}" is the flag of this rollout, a rollback sets it to 0 percent anyway; name other flags here, or none`,
        },
      ];

export const guardIsFaster: Rule = ({ draft: { watch } }) =>
  watch === null || watch.guard <= watch.every
    ? []
    : [
        {
          path: ['watch', 'guard'],
          message: `the guard every ${formatDuration(watch.guard)} is slower than a look every ${formatDuration(watch.every)}; write a shorter guard`,
        },
      ];

export const rhythmsFit: Rule = ({ draft: { watch } }) =>
  (watch?.checks ?? []).flatMap((entry, index): Found[] =>
    watch === null || typeof entry === 'string' || entry.every >= watch.every
      ? []
      : [
          {
            path: ['watch', 'checks', index, 'every'],
            message: `a look comes only every ${formatDuration(watch.every)}, so ${entry.id} cannot be asked every ${formatDuration(entry.every)}; write at least ${formatDuration(watch.every)}`,
          },
        ],
  );
