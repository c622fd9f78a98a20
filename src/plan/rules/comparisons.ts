/** A check that compares has something to compare with, and one limit. */
import type { Found, Rule, RuleContext } from './rule.js';
import type { CheckFile } from '../check-schema.js';

export const comparisonsHold: Rule = (context) =>
  Object.entries(context.draft.checks).flatMap(([name, check]): Found[] => {
    if (check === null) return [];
    const path = ['checks', name];
    if (check.compare === undefined) {
      return check.atLeast === undefined || context.draft.says([...path, 'compare'])
        ? []
        : [
            {
              path: [...path, 'atLeast'],
              message: `is how much of a baseline passes; add compare: before, or write min: ${check.atLeast}`,
            },
          ];
    }
    const limits = (['min', 'max'] as const).filter((side) => check[side] !== undefined);
    return [
      ...limits.map((side) => ({
        path: [...path, side],
        message: 'is compared with its baseline; write atLeast, such as atLeast: 0.9, or leave compare out',
      })),
      ...nothingToCompare(context, path, check),
    ];
  });

function nothingToCompare({ catalogue }: RuleContext, path: readonly string[], { sli, promql }: CheckFile): Found[] {
  const at = [...path, 'compare'];
  if (promql !== undefined)
    return [{ path: at, message: 'a promql has no baseline; compare an sli, or leave it out and give a min or a max' }];
  const found =
    sli !== undefined && catalogue !== null && Object.hasOwn(catalogue.slis, sli) ? catalogue.slis[sli] : undefined;
  if (found === undefined) return [];
  if (found.kind === 'ratio' && found.measure === 'good' && found.baseline !== null) return [];
  const message =
    found.kind === 'ratio' && found.measure === 'good'
      ? `the SLI "${sli}" has no baseline; give it one in the catalogue, such as baseline: { over: 1d, ago: 1d, within: 0.1 }, or leave compare out and give a min`
      : `only a ratio of good events has a baseline, and "${sli}" is none; leave it out and give a max`;
  return [{ path: at, message }];
}
