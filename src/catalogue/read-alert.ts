/** An alert as a catalogue says it → what it asks, or what is wrong with it. */
import type { AlertFile } from './alert-schema.js';
import type { AlertCondition, Objective, SliAlert } from './catalogue.js';
import type { SliFile } from './catalogue-schema.js';
import { inUnit, unitOf, wantedInUnit } from './in-unit.js';
import { whyNever } from './never-firing.js';

export interface AlertProblem {
  /** The key that is wrong; null: the alert as a whole. */
  readonly key: keyof AlertFile | null;
  readonly message: string;
}

export type ReadAlert =
  { readonly ok: true; readonly alert: SliAlert } | { readonly ok: false; readonly problem: AlertProblem };

type Condition = AlertCondition | AlertProblem;

export function readAlert(file: AlertFile, sli: SliFile): ReadAlert {
  const problem = misplaced(file, sli);
  const condition = problem ?? conditionOf(file, sli);
  if ('message' in condition) return { ok: false, problem: condition };
  const never = whyNever(file, sli, condition);
  if (never !== null) return { ok: false, problem: { ...never, message: `can never fire: ${never.message}` } };
  const { name, severity, for: forMs, minEvents = 0, each } = file;
  return { ok: true, alert: { name, severity, forMs, minEvents, each, condition } };
}

/** What the SLI's kind knows nothing of. */
function misplaced(file: AlertFile, sli: SliFile): AlertProblem | null {
  const { above, below, over, windows, missing, minEvents, each } = file;
  const said = (key: keyof AlertFile, message: string): AlertProblem => ({ key, message });
  if (missing !== undefined && [above, below, over, windows, minEvents].some((one) => one !== undefined))
    return said('missing', 'stands alone: an alert on what is missing has no limit, window or number of events');
  if (windows !== undefined && sli.kind !== 'burn-rate')
    return said('windows', `belongs to a burn rate, this is a ${sli.kind}; leave it out`);
  if (over !== undefined && sli.kind !== 'ratio')
    return said('over', `belongs to a ratio, this is a ${sli.kind}; leave it out`);
  if (minEvents !== undefined && (sli.kind === 'rate' || sli.kind === 'gauge'))
    return said('minEvents', `a ${sli.kind} rests on no counted events; leave it out`);
  if (each && (sli.kind === 'burn-rate' || sli.by.length === 0))
    return said('each', 'needs labels under by, such as by: [endpoint]');
  return missing !== undefined && (sli.kind === 'gauge' || sli.kind === 'burn-rate')
    ? said('missing', `belongs to what counts events, this is a ${sli.kind}; leave it out`)
    : null;
}

function conditionOf(file: AlertFile, sli: SliFile): Condition {
  const { above, below, missing } = file;
  if (missing !== undefined) return { kind: 'missing', withinMs: missing };
  if (above !== undefined && below !== undefined)
    return { key: 'below', message: 'stands beside "above"; an alert has one limit' };
  if (sli.kind === 'burn-rate') return burnCondition(file);
  if (below === 'baseline') return baselineCondition(file, sli);
  return limitCondition(file, sli);
}

function burnCondition({ above, windows = [] }: AlertFile): Condition {
  const [longMs, shortMs] = windows.toSorted((a, b) => b - a);
  if (typeof above !== 'number' || above <= 0)
    return { key: 'above', message: 'a burn rate needs above, such as above: 14.4' };
  if (windows.length !== 2 || longMs === undefined || shortMs === undefined || longMs === shortMs)
    return { key: 'windows', message: 'a burn rate needs a long window and a short one, such as windows: [1h, 5m]' };
  return { kind: 'burn', above, longMs, shortMs };
}

function baselineCondition({ over = 300_000 }: AlertFile, sli: SliFile): Condition {
  return sli.kind === 'ratio' && sli.baseline !== undefined && sli.measure === 'good'
    ? { kind: 'baseline', overMs: over }
    : {
        key: 'below',
        message:
          'there is no baseline; a ratio of good events may have one, such as { over: 1d, ago: 1d, within: 0.1 }',
      };
}

/** What was left out is the objective. */
function limitCondition({ above, below, over = 300_000 }: AlertFile, sli: SliFile): Condition {
  const written = above ?? below ?? null;
  const unit = unitOf(sli.kind === 'rate' ? { kind: 'rate', perMs: sli.per } : sli);
  if (written !== null) {
    const side = above === undefined ? 'below' : 'above';
    const value = inUnit(written, unit);
    return value === null
      ? { key: side, message: `found ${JSON.stringify(written)}; ${wantedInUnit[unit]}` }
      : { kind: 'limit', side, value, overMs: over };
  }
  const objective = readObjective(sli);
  return objective === null
    ? { key: null, message: 'has no limit and its SLI no objective; write one, such as above: 5 or below: 0.99' }
    : { kind: 'limit', side: objective.side === 'least' ? 'below' : 'above', value: objective.value, overMs: over };
}

/** Null: none, or none that can be read. */
export function readObjective(sli: SliFile): Objective | null {
  if (sli.kind === 'gauge' || sli.objective === undefined) return null;
  if (sli.kind === 'ratio')
    return sli.measure === 'good'
      ? { side: 'least', value: sli.objective }
      : // Rounded, or 1 − 0.99 would be spelled 0.010000000000000009.
        { side: 'most', value: Number((1 - sli.objective).toPrecision(12)) };
  const value = inUnit(sli.objective, unitOf(sli.kind === 'rate' ? { kind: 'rate', perMs: sli.per } : sli));
  return value === null ? null : { side: 'most', value };
}
