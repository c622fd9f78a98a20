/** What is allowed, and still not what an operator would expect at night. */
import { formatDuration } from '../../core/duration.js';
import { windowOf } from '../check-window.js';
import { writtenGates } from '../merged-gate.js';
import { sourcedChecks, watchNames, type Found, type Rule } from './rule.js';

export const somethingRollsBack: Rule = ({ draft }) => {
  if (draft.watch === null) return [];
  const watched = watchNames(draft).map((name) => draft.checks[name]);
  // A check that cannot be read may be the one.
  if (watched.some((check) => check == null || check.severity === 'rollback')) return [];
  return [warning(['watch', 'checks'], 'no check here has severity rollback: nothing rolls back by itself')];
};

export const rollbackNeedsWatch: Rule = ({ draft }) => {
  const watched = watchNames(draft);
  return Object.entries(draft.checks)
    .filter(([name, check]) => check?.severity === 'rollback' && !watched.includes(name))
    .map(([name]) =>
      warning(
        ['checks', name, 'severity'],
        `the check is not in watch.checks, so it never rolls back, it only blocks its gate; add it there, or write severity: block`,
      ),
    );
};

export const rollbackNeedsEvents: Rule = (context) =>
  sourcedChecks(context)
    .filter(({ check, source }) => check.severity === 'rollback' && source.counted && check.minEvents === 0)
    .map(({ name }) =>
      warning(
        ['checks', name],
        `has no minEvents: at night, a few events could roll back; add one, such as minEvents: 300`,
      ),
    );

export const checksAreUsed: Rule = ({ draft }) => {
  const used = new Set([...watchNames(draft), ...writtenGates(draft).flatMap(({ gate }) => gate.checks ?? [])]);
  return Object.keys(draft.checks)
    .filter((name) => !used.has(name) && name !== 'traffic')
    .map((name) => warning(['checks', name], `is in no gate and not in watch.checks: it is never asked`));
};

/** What a check says and nothing reads: the writer expected something of it. */
export const settingsAreRead: Rule = (context) =>
  sourcedChecks(context).flatMap(({ name, check, source }) => {
    const { draft } = context;
    const watched = watchNames(draft).includes(name);
    const gated = writtenGates(draft).some(({ gate }) => gate.checks?.includes(name) === true);
    const { gateWindow } = windowOf(check, source);
    const unread = (key: string, why: string): Found[] =>
      draft.says(['checks', name, key]) ? [warning(['checks', name, key], `${why}; leave it out`)] : [];
    return [
      ...(check.severity === 'rollback'
        ? []
        : unread('consecutive', `only a check of severity rollback counts windows`)),
      ...(gated || !watched ? [] : unread('gateWindow', 'the check is in no gate')),
      ...(watched || !gated || gateWindow === 'watch'
        ? []
        : unread('window', 'no look asks it, and a gate reads everything since the flip unless gateWindow is watch')),
    ];
  });

export const streaksFitHolds: Rule = (context) => {
  const holds = context.draft.stages.flatMap((stage) => stage?.hold ?? []);
  const watched = watchNames(context.draft);
  const shortestMs = Math.min(...holds);
  return sourcedChecks(context).flatMap(({ name, check, source }): Found[] => {
    if (check.severity !== 'rollback' || !watched.includes(name)) return [];
    const { overlapMs } = windowOf(check, source);
    const neededMs = (check.consecutive - 1) * overlapMs;
    if (neededMs < shortestMs) return [];
    return [
      warning(
        ['checks', name],
        `needs ${check.consecutive} failing samples ${formatDuration(overlapMs)} apart to roll back, longer than the shortest hold of ${formatDuration(shortestMs)}; a shorter window, or fewer with consecutive, would be faster`,
      ),
    ];
  });
};

const warning = (path: Found['path'], message: string): Found => ({ path, message, severity: 'warning' });
