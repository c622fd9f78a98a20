/** The chain shows every way of tampering, by the first bad entry. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditHead, firstBadEntry, joinEntries, nextEntry, type AuditEntry } from '../../src/core/audit.js';

const chain = (length: number): AuditEntry[] => {
  const entries: AuditEntry[] = [];
  for (let count = 0; count < length; count += 1) {
    entries.push(
      nextEntry(entries, { at: '2026-12-01T08:00:00.000Z', kind: 'move', data: { count, nothing: undefined } }),
    );
  }
  return entries;
};

it('a chain is whole, and stays so through JSON', () => {
  const entries = chain(20);
  expect(firstBadEntry(JSON.parse(JSON.stringify(entries)) as AuditEntry[])).toBeNull();
  expect(auditHead(entries)).toBe(entries[19]?.hash);
});

const tampering: readonly [string, (entries: AuditEntry[], at: number) => AuditEntry[], (at: number) => number][] = [
  ['an edit', (entries, at) => entries.with(at, { ...entries[at]!, data: { count: -1 } }), (at) => at + 1],
  [
    'an edit of the time',
    (entries, at) => entries.with(at, { ...entries[at]!, at: '2026-12-01T09:00:00.000Z' }),
    (at) => at + 1,
  ],
  ['a deletion', (entries, at) => entries.toSpliced(at, 1), (at) => at + 1],
  ['an insertion', (entries, at) => entries.toSpliced(at, 0, chain(1)[0]!), (at) => at + 1],
  ['a swap', (entries, at) => entries.with(at, entries[at + 1]!).with(at + 1, entries[at]!), (at) => at + 1],
];

it.each(tampering)('%s is found where it was made', (_, tamper, bad) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 18 }), (at) => {
      expect(firstBadEntry(tamper(chain(20), at))?.seq).toBe(bad(at));
    }),
  );
});

describe('newer entries joined to kept ones', () => {
  const whole = chain(20);

  it('give the whole, wherever the two overlap, and nothing that was kept is lost', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), (kept, from, to) => {
        const joined = joinEntries(whole.slice(0, kept), whole.slice(from, to));
        const newest = from < to ? to : 0;
        if (from < to && from > kept) {
          expect(joined).toEqual({ ok: false, problem: `entries ${kept + 1} to ${from} are missing` });
        } else expect(joined).toEqual({ ok: true, entries: whole.slice(0, Math.max(kept, newest)) });
      }),
    );
  });

  it('are refused when what was kept is another rollout’s, or was changed', () => {
    const other = chain(3).map((entry) => ({ ...entry, at: '2026-12-02T08:00:00.000Z' }));
    const theirs = other.reduce<AuditEntry[]>((made, entry) => [...made, nextEntry(made, entry)], []);
    expect(joinEntries(theirs, whole.slice(2))).toEqual({
      ok: false,
      problem: "entry 3 of what was kept before is not this rollout's",
    });
    expect(joinEntries(theirs, whole.slice(3))).toMatchObject({
      ok: false,
      problem: 'entry 4: does not follow from the entry before it',
    });
    expect(joinEntries(other, whole)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('entry 1 of what was kept before: its content') as string,
    });
  });
});
