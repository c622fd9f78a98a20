import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/core/duration.js';

it.each([
  ['15s', 15_000],
  ['1.5h', 5_400_000],
  ['800ms', 800],
  ['-4h', -14_400_000],
  ['4', null],
  ['soon', null],
  ['0.0001ms', null],
])('%s reads as %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  [7_800_000, '2 h 10 min'],
  [45_000, '45 s'],
  [800, '800 ms'],
])('%i ms shows as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
