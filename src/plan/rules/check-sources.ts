/** A check asks exactly one thing, and asks it safely. */
import { promqlProblem } from '../../catalogue/promql.js';
import { mayGiveSeveral } from '../../catalogue/promql-shape.js';
import { unsafeProblem } from '../../catalogue/unsafe-promql.js';
import type { Found, Rule } from './rule.js';

/** Kept for the built-in check; nothing else may have the name. */
const builtIn = 'traffic';

export const oneSource: Rule = ({ draft: { checks, says } }) =>
  Object.entries(checks).flatMap(([name, check]): Found[] => {
    const path = ['checks', name];
    if (name === builtIn)
      return [
        {
          path,
          message: `the built-in check "${builtIn}" is not built yet; leave it out, or give your own check another name`,
        },
      ];
    if (check === null) return [];
    const [hasSli, hasPromql] = [says([...path, 'sli']), says([...path, 'promql'])];
    if (hasSli !== hasPromql) return [];
    return hasSli
      ? [{ path: [...path, 'promql'], message: 'there is an sli, too; keep one of them' }]
      : [{ path, message: `asks nothing; give it an sli, such as sli: autosave-success, or a promql` }];
  });

export const queriesParse: Rule = ({ draft: { checks } }) =>
  Object.entries(checks).flatMap(([name, check]): Found[] => {
    if (check?.promql === undefined) return [];
    const problem = promqlProblem(check.promql) ?? unsafeProblem(check.promql);
    return problem === null ? [] : [{ path: ['checks', name, 'promql'], message: problem }];
  });

export const queriesGiveOne: Rule = ({ draft: { checks } }) =>
  Object.entries(checks).flatMap(([name, check]): Found[] =>
    check?.promql === undefined || !mayGiveSeveral(check.promql)
      ? []
      : [
          {
            path: ['checks', name, 'promql'],
            severity: 'warning',
            message: 'this query may give several series, and then it is no number; put sum( ) or max( ) around it',
          },
        ],
  );
