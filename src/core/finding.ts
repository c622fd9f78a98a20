/** What one check's sample means. */
import { formatDuration } from './duration.js';
import { formatCount, formatLimit, formatValue } from './number-text.js';
import type { Check, Limit, Severity } from './plan.js';
import type { Sample, SampleScope } from './sample.js';
import { withinLimit } from './threshold.js';

export type FindingOutcome = 'pass' | 'fail' | 'insufficient' | 'unavailable' | 'invalid';

export interface Finding {
  /** A check's name, or `smoke:<suite>`. */
  readonly check: string;
  readonly scope: SampleScope;
  readonly outcome: FindingOutcome;
  readonly severity: Severity;
  readonly value?: number;
  readonly limit?: Limit;
  readonly events?: number;
  /** Failing windows in a row, of those needed to roll back. Only on rollback-severity checks of the watch. */
  readonly streak?: { readonly failing: number; readonly of: number };
  /** Shows the numbers; stands alone in a message. */
  readonly sentence: string;
}

/** From harmless to harmful; the order of a verdict's worst finding. */
const outcomeOrder: readonly FindingOutcome[] = ['pass', 'insufficient', 'unavailable', 'invalid', 'fail'];

export const outcomeRank = (outcome: FindingOutcome): number => outcomeOrder.indexOf(outcome);

/**
 * Judges one sample.
 *
 * @param flippedAt - ISO instant of the stage's proven flip, or null before the first. A window that reaches back
 * before it mixes two percentages: it may fail, it cannot pass.
 */
export function judgeSample(check: Check, sample: Sample, flippedAt: string | null): Finding {
  const base = { check: check.name, scope: sample.scope, severity: check.severity, limit: check.limit };
  const reading = sample.reading;
  switch (reading.kind) {
    case 'no-data':
      return { ...base, outcome: 'insufficient', events: 0, sentence: `${check.title}: no data${inWindow(sample)}.` };
    case 'unavailable':
      return {
        ...base,
        outcome: 'unavailable',
        sentence: `${check.title}: the metrics source gave no answer (${reading.reason}: ${reading.detail}).`,
      };
    case 'invalid':
      return {
        ...base,
        outcome: 'invalid',
        sentence: `${check.title}: the answer is not one number (${reading.reason}: ${reading.detail}).`,
      };
    case 'value':
      return { ...base, ...judgeValue(check, sample, { reading, flippedAt }) };
  }
}

type ValueReading = Extract<Sample['reading'], { kind: 'value' }>;

function judgeValue(
  check: Check,
  sample: Sample,
  { reading, flippedAt }: { readonly reading: ValueReading; readonly flippedAt: string | null },
): Pick<Finding, 'outcome' | 'value' | 'events' | 'sentence'> {
  const numbers = { value: reading.value, ...(reading.events === undefined ? {} : { events: reading.events }) };
  const shown = `${check.title} is ${formatValue(reading.value, check.unit)}, limit ${formatLimit(check.limit, check.unit)}`;
  const basis = `${reading.events === undefined ? '' : ` over ${formatCount(reading.events)} events`}${inWindow(sample)}`;
  if (reading.events !== undefined && reading.events < check.minEvents) {
    return { ...numbers, outcome: 'insufficient', sentence: tooFewEvents(check, sample, reading.events) };
  }
  if (!withinLimit(reading.value, check.limit)) {
    return { ...numbers, outcome: 'fail', sentence: `${shown}${basis}.` };
  }
  if (flippedAt !== null && Date.parse(sample.at) - sample.windowMs < Date.parse(flippedAt)) {
    return {
      ...numbers,
      outcome: 'insufficient',
      sentence: `${shown}${basis}, but that window reaches back before this stage's flip.`,
    };
  }
  return { ...numbers, outcome: 'pass', sentence: `${shown}${basis}.` };
}

function inWindow(sample: Sample): string {
  return sample.windowMs > 0 ? ` in ${formatDuration(sample.windowMs)}` : '';
}

/** Over a growing window waiting helps, so the sentence says about how long. */
function tooFewEvents(check: Check, sample: Sample, events: number): string {
  const missing = check.minEvents - events;
  const grows = sample.scope === 'gate' && check.gateWindow === 'stage';
  const wait = grows && events > 0 ? `, about ${formatDuration((missing / events) * sample.windowMs)} to go` : '';
  return `${check.title} needs ${formatCount(check.minEvents)} events, has ${formatCount(events)}${inWindow(sample)}${wait}.`;
}
