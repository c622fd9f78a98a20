/** A check asks exactly one thing, and asks it safely. */
import { promqlProblem, unsafeProblem } from '../../catalogue/promql.js';
import type { Found, Rule } from './rule.js';

/** Kept for the built-in check; nothing else may have the name. */
const builtIn = 'traffic';

export const oneSource: Rule = ({ draft: { checks } }) =>
  Object.entries(checks).flatMap(([name, check]): Found[] => {
    const path = ['checks', name];
    if (name === builtIn)
      return [
        {
          path,
          message: `the built-in check "${builtIn}" is not built yet; leave it out, or give your own check another name`,
        },
      ];
    if (check === null || (check.sli === undefined) !== (check.promql === undefined)) return [];
    return check.sli === undefined
      ? [{ path, message: `${name} asks nothing; give it an sli, such as sli: autosave-success, or a promql` }]
      : [{ path: [...path, 'promql'], message: `${name} has both sli and promql; keep one of them` }];
  });

export const queriesParse: Rule = ({ draft: { checks } }) =>
  Object.entries(checks).flatMap(([name, check]): Found[] => {
    if (check?.promql === undefined) return [];
    const problem = promqlProblem(check.promql) ?? unsafeProblem(check.promql);
    return problem === null ? [] : [{ path: ['checks', name, 'promql'], message: `${name}: ${problem}` }];
  });
