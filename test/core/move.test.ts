/** The policy table: every row with a sentence an operator would accept, and what no situation may ever lead to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveRows, nextMove, type Situation } from '../../src/core/move.js';
import { anItem } from '../support/a-plan.js';
import { at, clear, verdict } from '../support/a-situation.js';

const minute = 60_000;
const policy = (changes: Partial<Situation['policy']>): Situation['policy'] => ({ ...clear.policy, ...changes });
const noGo = { by: 'sam', role: 'sre', reason: 'support is short' };
const drift = { sentence: 'Somebody changed the flag: it is at 50 %.', above: true };
const silent = { kind: 'unavailable', sinceMs: at - 12 * minute, headline: 'no answer' } as const;

describe('the first row that matches decides', () => {
  const rows: readonly [string, Partial<Situation>, string, string][] = [
    [
      'a rollback was asked',
      { rollback: { by: 'ola', reason: 'pages are slow' }, breach: 'x', pause: { by: 'a', reason: 'b' } },
      'roll-back rollback-asked',
      'ola asked for a rollback: pages are slow',
    ],
    [
      'the fence was lost to a break-glass',
      { fence: { kind: 'break-glass', owner: 'break-glass:7' }, breach: 'x' },
      'roll-back fence-lost-to-break-glass',
      'The flag was taken back by break-glass:7; proving that and closing.',
    ],
    [
      'the fence was lost to another rollout',
      { fence: { kind: 'another', owner: 'rollout/production/x@2' }, breach: 'x' },
      'halt fence-lost',
      'rollout/production/x@2 now owns the flag; this rollout writes nothing more.',
    ],
    [
      'a breach',
      { breach: 'Autosave success is 90 %.', smokeRed: 'red' },
      'roll-back breach',
      'Autosave success is 90 %.',
    ],
    ['a red smoke suite', { smokeRed: 'red', drift }, 'roll-back smoke', 'red'],
    ['a red smoke suite that asks', { smokeRed: 'red', policy: policy({ onSmokeFailure: 'ask' }) }, 'ask smoke', 'red'],
    ['drift', { drift, noGo }, 'pause drift', drift.sentence],
    [
      'drift upwards, reasserted',
      { drift, policy: policy({ onDrift: 'reassert' }) },
      'wait drift',
      `${drift.sentence} Writing it back down.`,
    ],
    [
      'drift, answered by a person',
      { drift: { ...drift, above: false }, reassert: { by: 'sam' } },
      'wait drift',
      `${drift.sentence} Writing it back to 10 %, as sam says.`,
    ],
    [
      'drift downwards is never reasserted',
      { drift: { ...drift, above: false }, policy: policy({ onDrift: 'reassert' }) },
      'pause drift',
      drift.sentence,
    ],
    [
      'a no-go',
      { noGo, deadline: { of: 'plan', action: 'ask' } },
      'roll-back no-go',
      'sam said no-go as sre: support is short',
    ],
    [
      'a no-go that pauses',
      { noGo, policy: policy({ onNoGo: 'pause' }) },
      'pause no-go',
      'sam said no-go as sre: support is short',
    ],
    [
      'a deadline',
      { deadline: { of: 'decision', action: 'pause' }, cannotTell: silent },
      'pause deadline',
      'The deadline for the decision has passed.',
    ],
    [
      'too long without metrics',
      { cannotTell: silent, pause: { by: 'a', reason: 'b' } },
      'ask cannot-tell',
      'Cannot tell for 12 min: no answer',
    ],
    [
      'not yet too long',
      { cannotTell: { ...silent, sinceMs: at - 9 * minute } },
      'advance clear',
      'Everything passes; moving to 25 %.',
    ],
    [
      'a pause',
      { pause: { by: 'ola', reason: 'lunch' }, holdEndsAtMs: at + minute },
      'pause paused',
      'Paused by ola: lunch',
    ],
    ['the hold', { holdEndsAtMs: at + 30 * minute, gate: null }, 'wait hold', 'Holding at 10 % until 12:30 UTC.'],
    ['a gate not judged yet', { gate: null }, 'wait gate', 'Judging the gate.'],
    ['a failing gate', { gate: verdict('fail', 'Exports fail.') }, 'ask gate', 'The gate does not pass: Exports fail.'],
    [
      'a gate that cannot tell',
      { gate: verdict('inconclusive', 'No data.') },
      'wait gate',
      'The gate cannot tell yet, looking again at 12:15 UTC: No data.',
    ],
    [
      'old evidence',
      { gateStale: true },
      'wait gate',
      'Everybody asked has answered; looking once more before moving.',
    ],
    [
      'people are missing',
      {
        seats: [{ role: 'sre', need: 3, have: 1 }],
        missingItems: [anItem('a', { title: 'Audit clean', role: 'security' })],
      },
      'ask people',
      'Waiting for a go from 2 × sre and the checklist: Audit clean.',
    ],
    ['nothing in the way', {}, 'advance clear', 'Everything passes; moving to 25 %.'],
    [
      'nothing in the way of the end',
      { stage: 4, nextPercent: null },
      'complete clear',
      'The bake is over and everything passes.',
    ],
  ];

  it('the rows here are in that order, and none is left out', () => {
    const named = rows.map(([, , move]) => move.split(' ')[1] ?? '');
    const order = [...new Set(named)].filter((row) => row !== 'clear');
    expect([...order, 'clear']).toEqual([...moveRows]);
  });

  it('of any two rows that match, the earlier decides', () => {
    const triggers = new Map(rows.map(([, changes, move]) => [move.split(' ')[1] ?? '', changes]));
    const blocking = moveRows.slice(0, moveRows.indexOf('gate'));
    for (const [index, first] of blocking.entries()) {
      for (const second of blocking.slice(index + 1)) {
        expect(
          nextMove({ ...clear, ...triggers.get(second), ...triggers.get(first) }).row,
          `${first} before ${second}`,
        ).toBe(first);
      }
    }
  });

  it.each(rows)('%s', (...[, changes, move, sentence]) => {
    const found = nextMove({ ...clear, ...changes });
    expect(`${found.kind} ${found.row}`).toBe(move);
    expect(found.sentence).toBe(sentence);
  });
});

const maybe = <T>(value: T) => fc.constantFrom<T | null>(value, null);
const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    rollback: maybe({ by: 'ola', reason: 'x' }),
    fence: fc
      .constantFrom<Situation['fence']['kind']>('ours', 'break-glass', 'another')
      .map((kind) => ({ kind, owner: 'o' })),
    breach: maybe('breach'),
    smokeRed: maybe('red'),
    drift: maybe(drift),
    noGo: maybe(noGo),
    deadline: maybe<NonNullable<Situation['deadline']>>({ of: 'plan', action: 'ask' }),
    cannotTell: maybe<NonNullable<Situation['cannotTell']>>(silent),
    pause: maybe({ by: 'a', reason: 'b' }),
    holdEndsAtMs: fc.constantFrom(at - 1, at, at + 1),
    gate: fc.constantFrom(null, verdict('pass'), verdict('fail'), verdict('inconclusive')),
    gateStale: fc.boolean(),
    have: fc.integer({ min: 0, max: 2 }),
    missing: fc.boolean(),
    onDrift: fc.constantFrom('pause', 'reassert', 'roll-back') as fc.Arbitrary<Situation['policy']['onDrift']>,
    onNoGo: fc.constantFrom('pause', 'roll-back') as fc.Arbitrary<Situation['policy']['onNoGo']>,
    onSmokeFailure: fc.constantFrom('ask', 'roll-back') as fc.Arbitrary<Situation['policy']['onSmokeFailure']>,
  })
  .map(({ have, missing, onDrift, onNoGo, onSmokeFailure, ...rest }) => ({
    ...clear,
    ...rest,
    policy: policy({ onDrift, onNoGo, onSmokeFailure }),
    seats: [{ role: 'sre', need: 1, have }],
    missingItems: missing ? [anItem('a', { title: 'A', role: 'b' })] : [],
  }));

describe('in every situation', () => {
  it('the percentage rises only on a fresh passing verdict, with its decisions and nothing in the way', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { kind } = nextMove(situation);
        if (kind !== 'advance' && kind !== 'complete') return;
        expect(situation).toMatchObject({
          rollback: null,
          fence: { kind: 'ours' },
          breach: null,
          smokeRed: null,
          drift: null,
          reassert: null,
          noGo: null,
          pause: null,
          gate: { outcome: 'pass' },
          gateStale: false,
          missingItems: [],
        });
        expect(situation.holdEndsAtMs).toBeLessThanOrEqual(situation.nowMs);
        expect(situation.seats[0]?.have).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 5_000 },
    );
  });

  it('a rollback that was asked for wins', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        expect(nextMove({ ...situation, rollback: { by: 'ola', reason: 'now' } })).toMatchObject({
          kind: 'roll-back',
          row: 'rollback-asked',
        });
      }),
    );
  });
});
