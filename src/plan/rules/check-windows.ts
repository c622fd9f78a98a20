/** A window that is longer than its hold reaches back before the flip: it could fail, but never pass. */
import { formatDuration } from '../../core/duration.js';
import type { CheckFile } from '../check-schema.js';
import type { CheckSource } from '../check-source.js';
import { windowOf } from '../check-window.js';
import { stageGates } from '../merged-gate.js';
import { sourcedChecks, watchNames, type Found, type Rule, type RuleContext } from './rule.js';

export const windowsFitHolds: Rule = (context) =>
  sourcedChecks(context).flatMap(({ name, check, source }): Found[] => {
    const { windowMs, gateWindow } = windowOf(check, source);
    const short = shortestHold(context, name, gateWindow);
    if (short === null || windowMs <= short.holdMs) return [];
    const hold = `the hold of ${formatDuration(short.holdMs)} in stages[${short.index}]`;
    const fix =
      source.windowMs === null
        ? `write a window of at most that, or a longer hold`
        : `its query fixes that window: use another source, or a longer hold`;
    return [
      {
        path: ['checks', name, settingOf(check, source)],
        message: `looks back ${formatDuration(windowMs)}, longer than ${hold}, so it could never pass there; ${fix}`,
      },
    ];
  });

/** Where the window comes from. */
function settingOf({ window, sli }: CheckFile, { windowMs }: CheckSource): string {
  if (window !== undefined && windowMs === null) return 'window';
  return sli === undefined ? 'promql' : 'sli';
}

function shortestHold(
  { draft }: RuleContext,
  name: string,
  gateWindow: 'stage' | 'watch',
): { readonly index: number; readonly holdMs: number } | null {
  const watched = watchNames(draft).includes(name);
  const holds = stageGates(draft)
    .filter(({ gate }) => watched || (gateWindow === 'watch' && gate.checks.includes(name)))
    .map(({ index, stage }) => ({ index, holdMs: stage.hold }));
  return holds.reduce<(typeof holds)[number] | null>((a, b) => (a === null || b.holdMs < a.holdMs ? b : a), null);
}

export const windowsAreTheirs: Rule = (context) =>
  sourcedChecks(context).flatMap(({ name, check, source }): Found[] => {
    if (source.windowMs === null) return [];
    const why = source.windowMs === 0 ? 'reads one instant' : `always looks back ${formatDuration(source.windowMs)}`;
    const filled = check.promql?.includes('$window') === true;
    const instead =
      check.promql === undefined
        ? ''
        : filled
          ? ', or have no longer range beside $window'
          : ', or write $window in the query';
    return (['window', 'gateWindow'] as const)
      .filter((key) => check[key] !== undefined && !(key === 'gateWindow' ? check.gateWindow === 'watch' : filled))
      .map((key) => ({
        path: ['checks', name, key],
        message: `the source ${why}, so ${key} would say nothing; leave it out${instead}`,
      }));
  });
