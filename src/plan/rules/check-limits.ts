/** A limit has a direction, fits its unit, and does not call the bad side good. */
import { readLimit, writtenLimit } from '../check-limit.js';
import { sourcedChecks, type Found, type Rule } from './rule.js';

export const oneLimit: Rule = (context) => {
  const { checks, says } = context.draft;
  const promised = new Set(sourcedChecks(context).flatMap(({ name, source }) => (source.limit === null ? [] : [name])));
  return Object.entries(checks).flatMap(([name, check]): Found[] => {
    // What is wrong with a comparison has a rule of its own.
    if (check === null || name === 'traffic' || check.compare !== undefined) return [];
    if (check.min !== undefined && check.max !== undefined)
      return [{ path: ['checks', name, 'max'], message: 'there is a min, too; keep one, or write two checks' }];
    if (says(['checks', name, 'min']) || says(['checks', name, 'max'])) return [];
    if (promised.has(name)) return [];
    return [{ path: ['checks', name], message: `has no limit; give it a min or a max, such as min: 0.995` }];
  });
};

export const limitsFit: Rule = (context) =>
  sourcedChecks(context).flatMap(({ name, check, source }): Found[] => {
    const written = writtenLimit(check);
    if (written === null) return [];
    const path = ['checks', name, written.side];
    const read = readLimit(written, source.unit);
    if (!read.ok) return [{ path, message: read.message }];
    const wrongWay = source.better === (written.side === 'min' ? 'low' : 'high');
    if (!wrongWay) return [];
    const other = written.side === 'min' ? 'max' : 'min';
    return [
      {
        path,
        message: `with ${written.side} it would pass when things are bad, for ${source.better} is good here; write ${other}: ${String(written.found)}`,
      },
    ];
  });

export const eventsAreCounted: Rule = (context) =>
  sourcedChecks(context).flatMap(({ name, check, source }): Found[] =>
    source.counted || check.minEvents === 0
      ? []
      : [
          {
            path: ['checks', name, 'minEvents'],
            message: `this source counts no events, so they would never be enough; leave it out, or use an SLI of kind ratio or quantile`,
          },
        ],
  );
