import { expect, it } from 'vitest';
import { fillEnvironment, sayMissing, strayPlaceholder } from '../src/fill-environment.js';

const env = { TOKEN: 's3cret', A_1: '${TOKEN}', EMPTY: '' };

it.each<[string, { text: string; missing?: string[]; secrets?: string[] }]>([
  ['nothing to fill', { text: 'nothing to fill' }],
  ['Bearer ${TOKEN}', { text: 'Bearer s3cret', secrets: ['s3cret'] }],
  ['${TOKEN}${TOKEN}', { text: 's3crets3cret', secrets: ['s3cret', 's3cret'] }],
  [
    'what comes out is not filled again: ${A_1}',
    { text: 'what comes out is not filled again: ${TOKEN}', secrets: ['${TOKEN}'] },
  ],
  ['${NONE} ${TOKEN} ${EMPTY}', { text: '${NONE} s3cret ${EMPTY}', secrets: ['s3cret'], missing: ['NONE', 'EMPTY'] }],
  ['${run.id} ${saved.id} $TOKEN ${token}', { text: '${run.id} ${saved.id} $TOKEN ${token}' }],
])('%s', (text, { text: filled, missing = [], secrets = [] }) => {
  expect(fillEnvironment(text, env)).toEqual({ text: filled, missing, secrets });
});

it('does not take what every object has for a variable', () => {
  expect(fillEnvironment('${CONSTRUCTOR}', {}).missing).toEqual(['CONSTRUCTOR']);
});

it.each([
  ['${TOKEN} and $HOME', null],
  ['a ${token}', '${token}'],
  ['${TOKEN}${run.id}', '${run.id}'],
  ['pa${ss word}', '${…}'],
  ['${', '${…}'],
])('in %s the stray one is %s', (text, stray) => {
  expect(strayPlaceholder(text)).toBe(stray);
});

it('says what is missing once, and how to give it', () => {
  expect(sayMissing(['TOKEN'])).toBe(
    'the environment variable TOKEN is not set; set it where this process starts, such as: export TOKEN=…',
  );
  expect(sayMissing(['A', 'B', 'A'])).toMatch(/^the environment variables A, B are not set; .* such as: export A=…/);
});
