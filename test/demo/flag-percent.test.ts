/** The percent that the page and the gauge show, read from what the store writes. */
import { expect, it } from 'vitest';
import { percentIn, type FlagDocument } from '../../src/demo/target/flag-percent.js';
import { documentOf } from '../support/a-flag-document.js';

const read = (text: string): number | null => percentIn(JSON.parse(text) as FlagDocument, 'f');

it.each([0, 0.001, 12.345, 25, 50, 99.999, 100])('%d %%', (percent) => {
  expect(read(documentOf({ f: { percent } }))).toBe(percent);
});

it.each([
  ['without the flag nobody gets it', '{"flags":{}}', 0],
  ['without flags nobody gets it', '{}', 0],
  ['a disabled flag gives it to nobody', '{"flags":{"f":{"state":"DISABLED"}}}', 0],
  ['a rule that draws nobody tells nothing', '{"flags":{"f":{"targeting":{"fractional":[]}}}}', null],
  ['a rule of another kind tells nothing', '{"flags":{"f":{"targeting":{"fractional":["on"]}}}}', null],
  ['a document that is none tells nothing', 'null', null],
])('%s', (_, text, percent) => {
  expect(read(text)).toBe(percent);
});
