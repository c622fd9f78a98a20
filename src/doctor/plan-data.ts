/** Whether each check of a plan has data now: no data, no answer and no number are told apart. */
import { askedId, askWatch } from '../core/ask-checks.js';
import { formatDuration } from '../core/duration.js';
import { formatCount, formatLimit, formatValue } from '../core/number-text.js';
import type { Check as PlanCheck, Plan } from '../core/plan.js';
import type { Reading } from '../core/sample.js';
import { withinLimit } from '../core/threshold.js';
import { ok, unreachable, warn, wrong, type DoctorLine } from './line.js';
import type { Check } from './place.js';

export const planData = (plan: Plan): Check => ({
  about: 'checks of the plan',
  silence: 'unreachable',
  look: async ({ quickMetrics }) => {
    const every = { ...plan, watch: { ...plan.watch, checks: Object.keys(plan.checks) } };
    const asked = askWatch(every, () => true);
    const queries = asked.map((one) => ({ id: askedId(one), ...one.queries }));
    const readings = await quickMetrics.measure(queries, new Date().toISOString());
    return asked.flatMap((one): DoctorLine[] => {
      const check = plan.checks[one.check];
      const reading = readings.get(askedId(one));
      return check === undefined || reading === undefined ? [] : [judgeReading(check, reading)];
    });
  },
});

export function judgeReading(check: PlanCheck, reading: Reading): DoctorLine {
  const about = `check ${check.name}`;
  const over = check.windowMs === 0 ? 'now' : `over ${formatDuration(check.windowMs)}`;
  switch (reading.kind) {
    case 'value':
      return judgeValue(check, reading, over);
    case 'no-data':
      return warn(
        about,
        `no data ${over}: the source answered that there is nothing`,
        'That is right only if nobody can cause it before the first flip. Else look at the metric name and labels: holdpoint explain PLAN',
      );
    case 'invalid':
      return reading.reason === 'nan'
        ? warn(
            about,
            `invalid ${over}: ${reading.detail}`,
            'A ratio is NaN while there is no traffic. Send some, or mend the query',
          )
        : wrong(about, `invalid ${over}: ${reading.detail}`, 'Mend the query in the plan or its catalogue');
    case 'unavailable': {
      const saw = `unavailable: ${reading.detail}`;
      if (reading.reason === 'bad-query') return wrong(about, saw, 'Mend the query in the plan or its catalogue');
      if (reading.reason === 'stale') return wrong(about, saw, 'See why the target is not scraped');
      return unreachable(about, saw, 'Mend the metrics source');
    }
  }
}

function judgeValue(
  { name, limit, unit, minEvents }: PlanCheck,
  { value, events }: Extract<Reading, { kind: 'value' }>,
  over: string,
): DoctorLine {
  const about = `check ${name}`;
  const count = events === undefined ? '' : `, ${formatCount(events)} events`;
  const saw = `has data: ${formatValue(value, unit)}${count} ${over}, limit ${formatLimit(limit, unit)}`;
  if (!withinLimit(value, limit)) return warn(about, `${saw}: outside its limit already`, 'Mend that before you start');
  const few = events !== undefined && events < minEvents ? `; needs ${formatCount(minEvents)} events to pass` : '';
  return ok(about, `${saw}${few}`);
}
