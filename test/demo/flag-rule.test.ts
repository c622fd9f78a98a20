/** The service's own reading of a flag document against the reference evaluator. */
import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/demo/target/flag-hash.js';
import { percentOf, readFlagRule, variantFor, type FlagRule } from '../../src/demo/target/flag-rule.js';
import { flagDocumentAt, targetFlagKey as key } from '../support/a-target.js';

const percents = [0, 0.001, 0.5, 10, 25, 33.333, 50, 99.999, 100];

function ruleAt(percent: number): FlagRule {
  const read = readFlagRule(flagDocumentAt(percent), key);
  if (!read.ok) throw new Error(read.problem);
  return read.rule;
}

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

function referenceAt(percent: number): (user: string) => 'on' | 'off' {
  const core = new FlagdCore(new MemoryStorage(quiet), quiet);
  core.setConfigurations(flagDocumentAt(percent));
  return (user) => (core.resolveBooleanEvaluation(key, false, { targetingKey: user }, quiet).value ? 'on' : 'off');
}

const names = [
  '',
  'a',
  'ab',
  'abc',
  'abcd',
  'dana@example.org',
  'Zoë',
  '漢字',
  '漢',
  '語漢字漢字',
  '😀',
  '😀😀a',
  '\uffff',
];
const users = Array.from({ length: 2_000 }, (_, index) => `user-${index}`).concat(names);

describe('a rule agrees with the reference evaluator', () => {
  it.each(percents)('at %d percent, for every user', (percent) => {
    const rule = ruleAt(percent);
    const reference = referenceAt(percent);
    expect(users.filter((user) => variantFor(rule, key, user) !== reference(user))).toEqual([]);
    expect(percentOf(rule)).toBe(percent);
  });

  it('for any text as user, and any percent', () => {
    const thousandths = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), thousandths, (user, thousandth) => {
        expect(variantFor(ruleAt(thousandth / 1_000), key, user)).toBe(referenceAt(thousandth / 1_000)(user));
      }),
      { numRuns: 300 },
    );
  });
});

it('hashes as MurmurHash3 does, to the published vectors', () => {
  expect([hashText(''), hashText('test'), hashText('Hello, world!')]).toEqual([0, 0xba6bd213, 0xc0363e43]);
});

it('keeps everybody in who was in, and gives about the share it says', () => {
  const named = users.filter((user) => user !== '');
  const inAt = (percent: number): string[] => named.filter((user) => variantFor(ruleAt(percent), key, user) === 'on');
  const [ten, twentyFive, fifty] = [inAt(10), inAt(25), inAt(50)];
  expect(ten.every((user) => twentyFive.includes(user))).toBe(true);
  expect(twentyFive.every((user) => fifty.includes(user))).toBe(true);
  expect(ten.length / named.length).toBeCloseTo(0.1, 1);
  expect(fifty.length / named.length).toBeCloseTo(0.5, 1);
});

describe('a document', () => {
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
  const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
  const share = (...parts: unknown[]): object => ({ ...flag, targeting: { fractional: parts } });
  const read = (value: unknown) => readFlagRule(JSON.stringify({ flags: { [key]: value } }), key);

  it.each([
    ['without the flag', '{"flags":{}}'],
    ['that disables it', JSON.stringify({ flags: { [key]: { ...flag, state: 'DISABLED' } } })],
  ])('%s is off for everybody', (_, text) => {
    expect(readFlagRule(text, key)).toEqual({ ok: true, rule: { kind: 'everybody', variant: 'off' } });
  });

  it.each([
    ['empty', ''],
    ['half written', '{"flags": {"reporting-unif'],
    ['a list', '[]'],
    ['null', 'null'],
    ['without flags', '{}'],
  ])('that is %s cannot be obeyed', (_, text) => {
    expect(readFlagRule(text, key).ok).toBe(false);
  });

  it.each([
    ['a flag that is a list', []],
    ['no state', { ...flag, state: undefined }],
    ['other variants', { ...flag, variants: { on: 'yes', off: 'no' } }],
    ['another default', { ...flag, defaultVariant: 'maybe' }],
    ['targeting that is text', { ...flag, targeting: 'on' }],
    ['another operator', { ...flag, targeting: { if: [true, 'on', 'off'] } }],
    ['another bucketing', share({ var: 'email' }, ['on', 1], ['off', 1])],
    ['off before on', share(bucketing, ['off', 50_000], ['on', 50_000])],
    ['a weight that is no whole number', share(bucketing, ['on', 0.5], ['off', 0.5])],
    ['a negative weight', share(bucketing, ['on', -1], ['off', 101])],
    ['no weight at all', share(bucketing, ['on', 0], ['off', 0])],
    ['weights beyond exact arithmetic', share(bucketing, ['on', 2 ** 31], ['off', 1])],
  ])('with %s cannot be obeyed', (_, value) => {
    expect(read(value).ok).toBe(false);
  });
});
