/** What the client makes of documents nobody should write: the caller's default, and why. */
import { describe, expect, it } from 'vitest';
import { ruleFor } from '../../src/adapters/flags/flag-rule.js';
import { createFlags, type CreateFlags } from '../../src/flag-client/create-flags.js';
import { openFlags, type Flags, type Follow } from '../../src/flag-client/open-flags.js';
import type { Sink } from '../../src/flag-client/hold-document.js';
import { documentOf } from '../support/a-flag-document.js';

const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const share = (...parts: unknown[]): object => ({ ...flag, targeting: { fractional: parts } });
const dana = { targetingKey: 'dana' };

/** Documents are handed in by the test. */
function follow(): { readonly follow: Follow; sink(): Sink } {
  let held: Sink | null = null;
  return {
    follow: (sink) => {
      held = sink;
      return () => {};
    },
    sink: () => held ?? expect.unreachable('nobody follows'),
  };
}

function openWith(text: string, before?: string): Flags {
  const follower = follow();
  const flags = openFlags(before, [follower.follow], {});
  expect(follower.sink().take(text)).toBe(false);
  return flags;
}

describe('a percentage that is none', () => {
  const bad: readonly [string, unknown][] = [
    ['101', 101],
    ['-1', -1],
    ['text', '50'],
    ['NaN', Number.NaN],
  ];

  it.each(bad)('%s is refused at write', (_, percent) => {
    expect(() => ruleFor(percent as number)).toThrow(/a percent is a number from 0 to 100/);
  });

  it.each(bad)('%s as a weight is answered with the default, and why', (_, weight) => {
    const flags = createFlags({ document: { flags: { f: share(bucketing, ['on', weight], ['off', -1]) } } });
    for (const byDefault of [true, false]) {
      expect(flags.get('f', byDefault, dana)).toBe(byDefault);
      const { value, reason, errorCode, errorMessage } = flags.details('f', byDefault, dana);
      expect({ value, reason, errorCode }).toEqual({ value: byDefault, reason: 'ERROR', errorCode: 'PARSE_ERROR' });
      expect(errorMessage).toMatch(/^cannot read bucket \["o/);
    }
  });
});

describe('a flag that cannot be read is an error and never a guess', () => {
  it.each<[string, unknown, RegExp]>([
    ['that is a list', [], /cannot read state/],
    ['that is null', null, /cannot read state/],
    ['without a state', { ...flag, state: undefined }, /cannot read state/],
    ['in another state', { ...flag, state: 'on' }, /cannot read state "on"/],
    ['without variants', { ...flag, variants: null }, /cannot read variants null/],
    ['whose default is no variant', { ...flag, defaultVariant: 'maybe' }, /cannot read defaultVariant "maybe"/],
    ['whose default is inherited', { ...flag, defaultVariant: 'toString' }, /cannot read defaultVariant "toString"/],
    ['with targeting that is text', { ...flag, targeting: 'on' }, /cannot read targeting "on"/],
    ['with targeting that is null', { ...flag, targeting: null }, /cannot read targeting null/],
    ['with another operator', { ...flag, targeting: { if: [true, 'on', 'off'] } }, /cannot read targeting {"if":/],
    ['with two operators', { ...flag, targeting: { fractional: [['on', 1]], if: [] } }, /cannot read targeting/],
    ['with a reference', { ...flag, targeting: { $ref: 'shared' } }, /cannot read targeting {"\$ref"/],
    ['with an empty fractional', share(), /cannot read targeting/],
    ['drawn by a path', share({ var: 'user.email' }, ['on', 1]), /cannot read targeting/],
    ['drawn by a literal', share('salt', ['on', 1]), /cannot read targeting/],
    ['drawn by an expression', share({ cat: ['salt', { var: 'email' }] }, ['on', 1]), /cannot read targeting/],
    ['drawn with a default', share({ var: ['email', 'x'] }, ['on', 1]), /cannot read targeting/],
    ['with a weight in parts', share(bucketing, ['on', 0.5]), /cannot read bucket \["on",0.5\]/],
    ['with an expression for a weight', share(bucketing, ['on', { var: 'w' }]), /cannot read bucket/],
    ['with an expression for a variant', share(bucketing, [{ var: 'v' }, 1]), /cannot read bucket/],
    ['with a bucket of three', share(bucketing, ['on', 1, 2]), /cannot read bucket/],
    ['with a bucket that is text', share(bucketing, 'on'), /cannot read bucket "on"/],
  ])('%s', (_, broken, why) => {
    const flags = createFlags({ document: { flags: { f: broken, good: flag } } });
    expect(flags.get('f', 'mine', dana)).toBe('mine');
    expect(flags.details('f', false, dana)).toMatchObject({ value: false, reason: 'ERROR', errorCode: 'PARSE_ERROR' });
    expect(flags.details('f', false, dana).errorMessage).toMatch(why);
    // One broken flag takes no other with it.
    expect(flags.get('good', false)).toBe(true);
  });
});

describe('names that objects have anyway', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('%s is no flag', (key) => {
    const flags = createFlags({ document: { flags: { f: flag } } });
    expect(flags.get(key, 'mine')).toBe('mine');
    expect(flags.details(key, 'mine')).toMatchObject({ value: 'mine', errorCode: 'FLAG_NOT_FOUND' });
  });

  it('__proto__ may be a flag, and pollutes nothing', () => {
    const text = `{"flags":{"__proto__":${JSON.stringify({ ...flag, polluted: true })}}}`;
    const flags = createFlags({ document: JSON.parse(text) as object });
    expect(flags.get('__proto__', false)).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a document that is refused as a whole keeps the last good one', () => {
  const good = documentOf({ f: { percent: 100 } });
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const cases: readonly [string, string, RegExp][] = [
    ['empty', '', /JSON/],
    ['half written', good.slice(0, -10), /JSON/],
    ['a list', '[]', /no "flags"/],
    ['null', 'null', /no "flags"/],
    ['without flags', '{}', /no "flags"/],
    ['with flags that are a list', '{"flags":[]}', /no "flags"/],
    ['with a flag written twice', `{"flags":{"f":{},"f":${JSON.stringify(flag)}}}`, /twice/],
    ['with a key written twice, spelled differently', '{"flags":{"f":{},"\\u0066":{}}}', /twice/],
    ['of five megabytes', `{"flags":{},"x":"${'x'.repeat(5_000_000)}"}`, /longer than 4 MiB/],
    ['a depth bomb', `{"flags":{"f":${deep(1_000_000)}}}`, /call stack/],
  ];

  it.each(cases)('%s', async (_, text, why) => {
    const opened = openWith(text, good);
    expect(opened.get('f', false)).toBe(true);
    expect(opened.details('f', false).problem).toMatch(why);
    expect(await opened.ready).toEqual({ loaded: true, problem: null });
  });

  it.each(cases)('%s, with nothing before it: the default, and why', async (_, text, why) => {
    const opened = openWith(text);
    expect(opened.get('f', 'mine')).toBe('mine');
    const { value, errorCode, errorMessage } = opened.details('f', 'mine');
    expect({ value, errorCode }).toEqual({ value: 'mine', errorCode: 'PROVIDER_NOT_READY' });
    expect(errorMessage).toMatch(why);
    expect((await opened.ready).problem).toMatch(why);
  });

  it('is told once, and over with the next good one', () => {
    const problems: (string | null)[] = [];
    const follower = follow();
    const flags = openFlags(good, [follower.follow], { onProblem: (problem) => problems.push(problem) });
    follower.sink().take('{');
    follower.sink().take('{');
    expect(problems).toHaveLength(1);
    follower.sink().take(good);
    follower.sink().take(good);
    expect(problems.slice(1)).toEqual([null]);
    expect(flags.status()).toEqual({ loaded: true, problem: null });
  });
});

it('a value of another type is the default, and says so', () => {
  const flags = createFlags({ document: { flags: { f: flag } } });
  expect(flags.get('f', 'mine')).toBe('mine');
  expect(flags.details('f', 5)).toMatchObject({
    value: 5,
    errorCode: 'TYPE_MISMATCH',
    errorMessage: 'it is a boolean',
  });
});

it('a document that is no JSON at all is said, not thrown', () => {
  const circle: Record<string, unknown> = {};
  circle['flags'] = circle;
  for (const document of [circle, undefined, 7n]) {
    const flags = createFlags({ document } as CreateFlags);
    expect(flags.get('f', 'mine')).toBe('mine');
    expect(flags.status().problem).toMatch(/^flag document: /);
  }
});

it('listeners that throw stop nothing', () => {
  const follower = follow();
  const flags = openFlags(null, [follower.follow], {
    onProblem: () => {
      throw new Error('the application’s own');
    },
  });
  const told: number[] = [];
  flags.onChange(() => {
    throw new Error('the application’s own');
  });
  const end = flags.onChange(() => told.push(1));
  follower.sink().take('{');
  follower.sink().take(documentOf({ f: { percent: 100 } }));
  expect(flags.get('f', false)).toBe(true);
  end();
  follower.sink().take(documentOf({ f: { percent: 0 } }));
  expect(flags.get('f', true)).toBe(false);
  expect(told).toEqual([1]);
});
