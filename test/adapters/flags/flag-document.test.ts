/** What a flag document is read as, and what a write leaves alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly, renderExactly } from '../../../src/adapters/flags/exact-json.js';
import {
  applyWrite,
  parseFlagDocument,
  readRecord,
  renderFlagDocument,
  type FlagDocument,
} from '../../../src/adapters/flags/flag-document.js';
import { percentOf, ruleFor } from '../../../src/adapters/flags/flag-rule.js';

const variants = { on: true, off: false };
const enabled = { state: 'ENABLED', variants };
const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
const fraction = (...pairs: unknown[]) => ({
  ...enabled,
  defaultVariant: 'off',
  targeting: { fractional: [bucketing, ...pairs] },
});
const write = { percent: 10, fence: 1, owner: 'o', safeState: null, set: {} };

describe('case 54: the percent of a rule', () => {
  it.each<[string, Record<string, unknown>, number | null]>([
    ['off by default', { ...enabled, defaultVariant: 'off', targeting: {} }, 0],
    ['off by default, without targeting', { ...enabled, defaultVariant: 'off' }, 0],
    ['on by default', { ...enabled, defaultVariant: 'on', targeting: {} }, 100],
    ['disabled, whatever else', { state: 'DISABLED', defaultVariant: 'on' }, 0],
    ['our own fraction', fraction(['on', 33_333], ['off', 66_667]), 33.333],
    ['a person’s smaller weights', fraction(['on', 1], ['off', 3]), 25],
    ['nobody in by weight', fraction(['on', 0], ['off', 100]), 0],
    ['off first: not ours, it would move users', fraction(['off', 50], ['on', 50]), null],
    ['three variants', fraction(['on', 50], ['off', 25], ['beta', 25]), null],
    ['weights that are no whole numbers', fraction(['on', 0.5], ['off', 0.5]), null],
    ['no weight at all', fraction(['on', 0], ['off', 0]), null],
    ['weights so heavy that nobody is drawn', fraction(['on', 2 ** 31 - 1], ['off', 1]), null],
    ['weights just as heavy as may be', fraction(['on', 2 ** 30 - 1], ['off', 2 ** 30]), 50],
    ['negative weights', fraction(['on', -1], ['off', 2]), null],
    [
      'bucketing by e-mail',
      { ...fraction(), targeting: { fractional: [{ var: 'email' }, ['on', 1], ['off', 1]] } },
      null,
    ],
    ['another rule', { ...enabled, defaultVariant: 'off', targeting: { if: [true, 'on', 'off'] } }, null],
    ['targeting that is a text', { ...enabled, defaultVariant: 'off', targeting: 'on' }, null],
    ['swapped variants', { state: 'ENABLED', variants: { on: false, off: true }, defaultVariant: 'off' }, null],
    ['variants that are texts', { state: 'ENABLED', variants: { on: 'new', off: 'old' }, defaultVariant: 'off' }, null],
    ['no variants', { state: 'ENABLED', defaultVariant: 'off' }, null],
    ['no default variant', { ...enabled, targeting: {} }, null],
    ['a state nobody knows', { ...enabled, state: 'PAUSED', defaultVariant: 'off' }, null],
  ])('%s', (_, flag, percent) => {
    expect(percentOf(flag)).toBe(percent);
  });

  it('is the percent it was written for, in steps of a thousandth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
        const percent = thousandths / 1_000;
        return percentOf({ ...enabled, ...ruleFor(percent) }) === percent;
      }),
    );
  });
});

const note = { id: '7', environment: 'production', by: 'lee', reason: 'down', at: '2026-12-01T03:00:00Z' };

describe('the record of a flag', () => {
  it.each([
    ['no object', 7],
    ['a list', []],
    ['wrong types', { 'holdpoint.fence': '7', 'holdpoint.owner': 7, 'holdpoint.safeState': '{"set":' }],
    ['a note of a break-glass that is none', { 'holdpoint.breakGlass': '{"id":7,"by":"lee"}' }],
    ['a note of a break-glass of no time', { 'holdpoint.breakGlass': JSON.stringify({ ...note, at: 'noon' }) }],
    ['a fence that is not whole', { 'holdpoint.fence': 1.5, 'holdpoint.owner': '', 'holdpoint.safeState': '[]' }],
  ])('with metadata that are %s belongs to nobody at fence 0', (_, metadata) => {
    const record = readRecord({ flags: { a: { ...enabled, defaultVariant: 'off', metadata } } }, 'a');
    expect(record).toMatchObject({ percent: 0, fence: 0, owner: null, safeState: null, breakGlass: null });
  });

  it('tells who broke the glass', () => {
    const metadata = { 'holdpoint.breakGlass': JSON.stringify(note) };
    expect(readRecord({ flags: { a: { ...enabled, metadata } } }, 'a').breakGlass).toEqual(note);
  });

  it('has another revision after any change to the flag, and none after a change to another', () => {
    const flag = { ...enabled, defaultVariant: 'off' };
    const { revision } = readRecord({ flags: { a: flag } }, 'a');
    expect(readRecord({ flags: { a: { ...flag, note: 'x' } } }, 'a').revision).not.toBe(revision);
    expect(readRecord({ flags: { b: {}, a: flag } }, 'a').revision).toBe(revision);
  });

  it('counts a safe value as held only where everybody gets it', () => {
    const held = (other: Record<string, unknown> | undefined) => {
      const safe = { percent: 0, set: { other: false } } as const;
      const { flags } = applyWrite({ flags: {} }, 'a', { ...write, percent: 0, safeState: safe });
      return readRecord({ flags: other === undefined ? flags : { ...flags, other } }, 'a').safeValuesHeld;
    };
    expect(held({ ...enabled, defaultVariant: 'off', targeting: {} })).toBe(true);
    expect(held({ state: 'ENABLED', variants: { no: false, yes: true }, defaultVariant: 'no' })).toBe(true);
    expect(held(undefined)).toBe(false);
    expect(held({ ...enabled, defaultVariant: 'on' })).toBe(false);
    expect(held({ ...enabled, state: 'DISABLED', defaultVariant: 'off' })).toBe(false);
    expect(held({ ...enabled, defaultVariant: 'off', targeting: { if: [true, 'on'] } })).toBe(false);
  });
});

describe('a write', () => {
  it('keeps unknown metadata, members and boolean variants, and counts its revision up', () => {
    const before = {
      ...enabled,
      variants: { ...variants, always: true, text: 'dropped: flagd refuses a flag of two types' },
      defaultVariant: 'off',
      note: 'kept',
      metadata: { contact: 'lee', 'holdpoint.revision': 41 },
    };
    expect(applyWrite({ flags: { a: before } }, 'a', write).flags['a']).toMatchObject({
      note: 'kept',
      variants: { ...variants, always: true },
      metadata: { contact: 'lee', 'holdpoint.revision': 42 },
    });
    const odd = { ...before, metadata: { 'holdpoint.revision': 'x' } };
    expect(applyWrite({ flags: { a: odd } }, 'a', write).flags['a']).toMatchObject({
      metadata: { 'holdpoint.revision': 1 },
    });
  });

  it('pins a flag by the variant that has the value, whatever its name', () => {
    const other = {
      state: 'DISABLED',
      variants: { no: false, yes: true },
      defaultVariant: 'yes',
      targeting: { if: [] },
    };
    const { flags } = applyWrite({ flags: { other } }, 'a', { ...write, set: { other: false, fresh: true } });
    expect(flags['other']).toEqual({ ...other, state: 'ENABLED', defaultVariant: 'no', targeting: {} });
    expect(flags['fresh']).toEqual({ ...enabled, defaultVariant: 'on', targeting: {} });
  });

  it('never lets a pinned value overwrite the rollout’s own flag', () => {
    const { flags } = applyWrite({ flags: {} }, 'a', { ...write, percent: 0, set: { a: true } });
    expect(readRecord({ flags }, 'a')).toMatchObject({ percent: 0, fence: 1, owner: 'o' });
  });

  it('leaves whatever else is in the document as it was', () => {
    const anyDocument = fc.record({ flags: fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())) });
    fc.assert(
      fc.property(anyDocument, fc.string(), (document, key) => {
        const before = parseFlagDocument(JSON.stringify(document));
        if (before === null) return false;
        const after = parseFlagDocument(renderFlagDocument(applyWrite(before, key, write)));
        if (after === null) return false;
        const { percent, fence, owner } = readRecord(after, key);
        const rest = (one: FlagDocument) => JSON.stringify(Object.entries(one.flags).filter(([name]) => name !== key));
        return percent === 10 && fence === 1 && owner === 'o' && rest(after) === rest(before);
      }),
    );
  });
});

describe('numbers of others', () => {
  it('go through as they were spelled when a double would change them', () => {
    const text = '[12345678901234567890,0.12345678901234567890,1e400,-1E-400,"12345678901234567890","a\\"1e400",7,0.1]';
    const value = parseExactly(text) as unknown[];
    expect(value.slice(4)).toEqual(['12345678901234567890', 'a"1e400', 7, 0.1]);
    expect(renderExactly(value).replace(/\s/g, '')).toBe(text);
  });

  it.each([
    '1e400',
    '-1E400',
    '{"a":1e400}',
    '[\n  -1e400\n]',
    '{"a": 12345678901234567890}',
    '[0,0.12345678901234567890]',
  ])('are found wherever a number may stand: %s', (text) =>
    expect(renderExactly(parseExactly(text)).replace(/\s/g, '')).toBe(text.replace(/\s/g, '')),
  );

  it('have no say in what is JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExactly(renderExactly(parseExactly(text)))).toEqual(parseExactly(text));
        expect(JSON.parse(renderExactly(parseExactly(text)))).toEqual(JSON.parse(text));
      }),
    );
    for (const text of ['12345678901234567890x', '{"a":1e}', '0123456789012345678', '"1234567890123456789'])
      expect(() => parseExactly(text)).toThrow(SyntaxError);
  });
});
