/** From evidence to verdict: what passes, what fails, what cannot tell. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.js';
import type { Check } from '../../src/core/plan.js';
import type { Reading, Sample, SampleScope } from '../../src/core/sample.js';
import { judge } from '../../src/core/verdict.js';
import { aCheck, aGate, aPlan, aStage } from '../support/a-plan.js';

const minute = 60_000;
const flippedAt = '2026-12-01T08:00:00.000Z';
const later = (minutes: number): string => new Date(Date.parse(flippedAt) + minutes * minute).toISOString();

const sample = (reading: Reading, changes: Partial<Sample> = {}): Sample => ({
  check: 'autosave',
  scope: 'gate',
  at: later(240),
  windowMs: 240 * minute,
  reading,
  ...changes,
});

const evidence = (samples: readonly Sample[], changes: Partial<Evidence> = {}): Evidence => ({
  at: later(240),
  stage: 1,
  percent: 10,
  flippedAt,
  scope: 'gate',
  flag: null,
  samples,
  smoke: [],
  streaks: {},
  ...changes,
});

const value = (number: number, events?: number): Reading => ({
  kind: 'value',
  value: number,
  raw: String(number),
  ...(events === undefined ? {} : { events }),
});

const planOf = (check: Partial<Check>) =>
  aPlan({
    stages: [aStage(10, 4, aGate({ checks: ['autosave'] })), aStage(100, 1)],
    checks: { autosave: aCheck('autosave', { title: 'Autosave success', minEvents: 4_000, ...check }) },
  });

describe('one sample', () => {
  const table: readonly [string, Sample, Partial<Check>, string, string][] = [
    ['at its limit', sample(value(0.995, 5_000)), {}, 'pass', 'The one check passes.'],
    [
      'just under',
      sample(value(0.9949, 5_120)),
      {},
      'fail',
      'Autosave success is 99.49 %, limit at least 99.5 % over 5,120 events in 4 h.',
    ],
    [
      'too few events, with the time still to go',
      sample(value(1, 310), { windowMs: 10 * minute }),
      {},
      'inconclusive',
      'Autosave success needs 4,000 events, has 310 in 10 min, about 1 h 59 min to go.',
    ],
    ['no data', sample({ kind: 'no-data' }), {}, 'inconclusive', 'Autosave success: no data in 4 h.'],
    [
      'a server that is away',
      sample({ kind: 'unavailable', reason: 'timeout', detail: 'no answer in 4 s' }),
      {},
      'inconclusive',
      'Autosave success: the metrics source gave no answer (timeout: no answer in 4 s).',
    ],
    [
      'two series',
      sample({ kind: 'invalid', reason: 'several-series', detail: '2 series' }),
      {},
      'inconclusive',
      'Autosave success: the answer is not one number (several-series: 2 series).',
    ],
    [
      'a window from before the flip may not pass',
      sample(value(1, 9_000), { windowMs: 241 * minute }),
      {},
      'inconclusive',
      "Autosave success is 100 %, limit at least 99.5 % over 9,000 events in 4 h 1 min, but that window reaches back before this stage's flip.",
    ],
    [
      'a window from before the flip may fail',
      sample(value(0.9, 9_000), { windowMs: 241 * minute }),
      {},
      'fail',
      'Autosave success is 90 %, limit at least 99.5 % over 9,000 events in 4 h 1 min.',
    ],
    [
      'a warning decides nothing',
      sample(value(0.1, 9_000)),
      { severity: 'warn' },
      'pass',
      'No check decides here; people do.',
    ],
  ];

  it.each(table)('%s', (...[, one, check, outcome, headline]) => {
    expect(judge(planOf(check), evidence([one])).verdict).toMatchObject({ outcome, headline });
  });
});

it('case 37: a required check that was not asked is not a pass', () => {
  expect(judge(planOf({}), evidence([])).verdict).toMatchObject({
    outcome: 'inconclusive',
    headline: 'Autosave success was not asked.',
  });
});

describe('failing windows in a row', () => {
  const watch = (minutes: number, number: number): Sample =>
    sample(value(number, 9_000), { scope: 'watch', at: later(minutes), windowMs: 15 * minute });
  const play = (...samples: readonly Sample[]) =>
    judge(planOf({}), evidence(samples, { scope: 'watch' })).breaches.map(({ streak }) => streak);

  it('three that do not overlap are a breach', () => {
    expect(play(watch(15, 0.9), watch(30, 0.9), watch(45, 0.9))).toEqual([{ failing: 3, of: 3 }]);
  });

  it('so are three of a grid whose looks come a little early or late', () => {
    expect(play(watch(15.05, 0.9), watch(29.98, 0.9), watch(44.9, 0.9))).toEqual([{ failing: 3, of: 3 }]);
  });

  it('a hundred that share their data are not', () => {
    expect(play(...Array.from({ length: 100 }, (_, index) => watch(15 + index * 0.1, 0.9)))).toEqual([]);
  });

  it('a good one in between begins the count again', () => {
    expect(play(watch(15, 0.9), watch(30, 0.9), watch(45, 1), watch(60, 0.9), watch(75, 0.9))).toEqual([]);
  });

  it('silence in between does not', () => {
    const silent = sample({ kind: 'no-data' }, { scope: 'watch', at: later(45), windowMs: 15 * minute });
    expect(play(watch(15, 0.9), watch(30, 0.9), silent, watch(60, 0.9))).toEqual([{ failing: 3, of: 3 }]);
  });
});

const anyReading: fc.Arbitrary<Reading> = fc.oneof(
  fc.constant<Reading>({ kind: 'no-data' }),
  fc.constant<Reading>({ kind: 'unavailable', reason: 'stale', detail: 'x' }),
  fc.constant<Reading>({ kind: 'invalid', reason: 'nan', detail: 'x' }),
  fc
    .record({ number: fc.double({ noNaN: true }), events: fc.option(fc.nat(10_000), { nil: undefined }) })
    .map(({ number, events }) => value(Number.isFinite(number) ? number : 0, events)),
);

it('a gate passes only if every deciding check has a number within its limit, on enough events, since the flip', () => {
  const scopes: readonly SampleScope[] = ['watch', 'gate'];
  const severities = ['rollback', 'block', 'warn', 'observe'] as const;
  fc.assert(
    fc.property(
      fc.array(fc.record({ reading: anyReading, scope: fc.constantFrom(...scopes), windowMs: fc.nat(500 * minute) }), {
        maxLength: 4,
      }),
      fc.constantFrom(...severities),
      (samples, severity) => {
        const plan = planOf({ severity });
        const { verdict } = judge(plan, evidence(samples.map(({ reading, ...rest }) => sample(reading, rest))));
        if (verdict.outcome !== 'pass' || severity === 'warn' || severity === 'observe') return;
        const last = samples.findLast(({ scope }) => scope === 'gate');
        expect(last?.reading.kind).toBe('value');
        if (last?.reading.kind !== 'value') return;
        expect(last.reading.value).toBeGreaterThanOrEqual(0.995);
        expect(last.reading.events ?? 4_000).toBeGreaterThanOrEqual(4_000);
        expect(last.windowMs).toBeLessThanOrEqual(240 * minute);
      },
    ),
    { numRuns: 3_000 },
  );
});
