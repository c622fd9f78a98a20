import { expect, it } from 'vitest';
import { didYouMean, nearestWord } from '../../src/documents/nearest-word.js';

const known = ['percent', 'hold', 'gate', 'onDeadline', 'checks'];

it.each([
  ['precent', 'percent'],
  ['percentt', 'percent'],
  ['Percent', 'percent'],
  ['hodl', 'hold'],
  ['ondeadline', 'onDeadline'],
  ['check', 'checks'],
  ['gaet', 'gate'],
  ['banana', null],
  ['h', null],
  ['', null],
])('%s means %s', (found, word) => {
  expect(nearestWord(found, known)).toBe(word);
});

it('asks only when there is something to ask', () => {
  expect(didYouMean('hodl', known)).toBe(' Did you mean "hold"?');
  expect(didYouMean('banana', known)).toBe('');
});
