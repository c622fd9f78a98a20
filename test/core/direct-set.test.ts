/** Setting a flag by hand: what is a percent, who has to be asked, and what a person is told. */
import { expect, it } from 'vitest';
import { judgeSet, readPercent, rolloutToAsk } from '../../src/core/direct-set.js';
import type { FlagRecord } from '../../src/core/flag-record.js';

const record = (changes: Partial<FlagRecord> = {}): FlagRecord => ({
  key: 'f',
  exists: true,
  percent: 25,
  fence: 3,
  revision: 'sha256:1',
  owner: 'rollout/production/f@run-1',
  safeState: null,
  safeValuesHeld: true,
  breakGlass: null,
  ...changes,
});

it.each<[string, number | null]>([
  ['0', 0],
  ['12.5', 12.5],
  ['0.001', 0.001],
  ['99.999', 99.999],
  ['100', 100],
  ['100.000', 100],
  ['100.001', null],
  ['101', null],
  ['1000', null],
  ['-1', null],
  ['+1', null],
  ['1e1', null],
  ['0x10', null],
  ['NaN', null],
  ['Infinity', null],
  ['50 %', null],
  ['50%', null],
  [' 50', null],
  ['50,5', null],
  ['.5', null],
  ['5.', null],
  ['0.0001', null],
  ['٥', null],
  ['', null],
])('%j is the percent %j', (text, percent) => {
  expect(readPercent(text)).toBe(percent);
});

const breakGlass = { id: 'g', environment: 'staging', by: 'dana', reason: 'why', at: '2026-11-24T00:00:00Z' };

it.each<[string, Partial<FlagRecord>, string | null]>([
  ['the rollout that owns it', {}, 'rollout/production/f'],
  ['nobody, when nobody owns it', { owner: null }, null],
  ['nobody, when its owner is no rollout', { owner: 'somebody' }, null],
  ['the rollout that has not seen the break-glass yet', { owner: 'break-glass:g', breakGlass }, 'rollout/staging/f'],
])('asked is %s', (_, changes, rollout) => {
  expect(rolloutToAsk(record(changes))).toBe(rollout);
});

const judge = (percent: number, standing: 'open' | 'not-open' | 'unknown', changes: Partial<FlagRecord> = {}) => {
  const verdict = judgeSet({ record: record(changes), percent, standing, name: 'production/f' });
  return 'sentence' in verdict ? `${verdict.kind}: ${verdict.sentence}` : verdict.kind;
};

it('up in an open rollout is refused, and says who alone moves it up', () => {
  const why =
    'refused: f is at 25 % and belongs to an open rollout, which alone moves it up. Nothing was written. See what it waits for: holdpoint why production/f';
  for (const percent of [25, 25.001, 100]) expect(judge(percent, 'open')).toBe(why);
  expect(judge(30, 'open', { percent: null })).toContain('f is at unknown and belongs to an open rollout, which alone');
});

it('down in an open rollout is the way back', () => {
  expect(judge(10, 'open')).toBe(
    'refused: f is at 25 % and belongs to an open rollout. Nothing was written. Take it back to 0 %: holdpoint rollback production/f --reason "why"',
  );
});

it('when nobody can tell, nothing is written, and the way back without Temporal is named', () => {
  for (const percent of [0, 10, 25, 50]) {
    expect(judge(percent, 'unknown')).toBe(
      'cannot-tell: Whether the rollout that owns f still runs cannot be told. Nothing was written. To take the flag back to 0 % all the same: holdpoint rollback production/f --break-glass --reason "why"',
    );
  }
});

it('otherwise it is written, unless it is so already, or the rule there is none of ours', () => {
  expect(judge(50, 'not-open')).toBe('write');
  expect(judge(0, 'not-open')).toBe('write');
  expect(judge(25, 'not-open')).toBe('already');
  // A flag that is not there is at 0 %, and still has to be made.
  expect(judge(0, 'not-open', { exists: false, percent: 0 })).toBe('write');
  expect(judge(50, 'not-open', { percent: null })).toContain('has a rule that Holdpoint did not write');
});
