/** The chain shows every way of tampering, by the first bad entry. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditHead, firstBadEntry, nextEntry, type AuditEntry } from '../../src/core/audit.js';

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
