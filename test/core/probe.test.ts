/** What a probe answers to what was seen. */
import { expect, it } from 'vitest';
import type { FlagRecord } from '../../src/core/flag-record.js';
import { answerProbe } from '../../src/core/probe.js';
import type { Reading, Sample } from '../../src/core/sample.js';

const sample = (check: string, reading: Reading): Sample => ({
  check,
  scope: 'watch',
  at: '2026-12-01T08:00:00.000Z',
  windowMs: 60_000,
  reading,
});
const value: Reading = { kind: 'value', value: 0, raw: '0', events: 0 };
const flag: FlagRecord = {
  key: 'x',
  exists: true,
  percent: 10,
  fence: 3,
  revision: 'r',
  owner: 'us',
  safeState: null,
  safeValuesHeld: true,
  breakGlass: null,
};
const proven = { percent: 10, fence: 3, owner: 'us' };

it.each<[string, readonly Sample[], boolean, string]>([
  ['a number for each, even zero', [sample('a', value)], true, 'all 1 checks have data'],
  ['one without data', [sample('a', value), sample('b', { kind: 'no-data' })], false, 'b has no data'],
  [
    'a source that does not answer',
    [sample('a', { kind: 'unavailable', reason: 'timeout', detail: 'no answer in 5 s' })],
    false,
    'a is unavailable: no answer in 5 s',
  ],
  [
    'an answer that is no number',
    [sample('a', { kind: 'invalid', reason: 'nan', detail: 'NaN' })],
    false,
    'a is invalid: NaN',
  ],
])('metrics: %s', (_, samples, ...[ok, detail]) => {
  expect(answerProbe('metrics-have-data', { samples, flag: null }, proven)).toEqual({ ok, detail });
});

it.each<[string, FlagRecord | null, boolean, string]>([
  ['as proven', flag, true, 'the flag is at 10 %, fence 3, owned by us'],
  ['another percent', { ...flag, percent: 50 }, false, 'at 50 %'],
  ['another fence', { ...flag, fence: 4 }, false, 'fence 4'],
  ['another owner', { ...flag, owner: null }, false, 'owned by nobody'],
  ['unreadable', null, false, 'the flag cannot be read: locked'],
])('flag: %s', (_, seen, ...[ok, detail]) => {
  const answer = answerProbe('flag-reads-back', { samples: [], flag: seen, flagProblem: 'locked' }, proven);
  expect(answer.ok).toBe(ok);
  expect(answer.detail).toContain(detail);
});
