/**
 * Writes users.json, and expected.json: what `@openfeature/flagd-core` answers for flags.json, flag by flag, in the users' order.
 * `node test/flag-client/vectors/make-vectors.mjs`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const file = (name) => new URL(name, import.meta.url);
const text = readFileSync(file('flags.json'), 'utf8');
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const core = new FlagdCore(undefined, quiet);
core.setConfigurations(text);

const several = (count, make) => Array.from({ length: count }, (_, index) => make(index));
/** Null is a caller without a targeting key. */
const users = [
  ...several(15, (index) => String(index + 1)),
  ...several(15, (index) => `user-${index}`),
  ...several(15, (index) => `${(index * 10_007).toString(16).padStart(8, '0')}-4c1e-4d7a-9f00-0123456789ab`),
  ...several(15, (index) => `dana+${index}@example.org`),
  '',
  ' ',
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'null',
  'tab\there',
  'quote"back\\slash',
  'x'.repeat(255),
  'Zoë',
  'Zoe\u0308',
  'ÿ',
  '漢字',
  '語漢字',
  '\uffff',
  '😀',
  '👩‍👩‍👧',
  'a😀b',
  'İstanbul',
  'ß'.repeat(100),
  'y'.repeat(10_240),
  null,
];
const variantOf = (flag, user) => flag.evaluate(user === null ? {} : { targetingKey: user }, quiet).variant;
const expected = Object.fromEntries(
  [...core.getFlags()].map(([key, flag]) => [key, users.map((user) => variantOf(flag, user))]),
);
const write = (name, value) => writeFileSync(file(name), `${JSON.stringify(value)}\n`);
write('users.json', users);
write('expected.json', expected);
console.log(`${users.length * Object.keys(expected).length} vectors`);
