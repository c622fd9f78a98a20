/** Cutting a long audit into parts that may be handed over. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextEntry, type AuditEntry } from '../../src/core/audit.js';
import { auditChars, sliceEntries } from '../../src/core/audit-slices.js';

const chain = (texts: readonly string[]): AuditEntry[] => {
  const entries: AuditEntry[] = [];
  for (const text of texts)
    entries.push(nextEntry(entries, { at: '2026-12-01T08:00:00Z', kind: 'verdict', data: { text } }));
  return entries;
};

it('keeps each entry once and in order, and no slice over the limit but one of a single entry', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 900 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 3_000 }),
      (texts, chars) => {
        const entries = chain(texts);
        const slices = sliceEntries(entries, chars);
        expect(slices.flat()).toEqual(entries);
        for (const slice of slices) expect(slice.length <= 1 || auditChars(slice) <= chars).toBe(true);
      },
    ),
  );
});

it('is one slice for a day like any other, and for nothing', () => {
  expect(sliceEntries(chain(Array<string>(100).fill('x'.repeat(1_000))))).toHaveLength(1);
  expect(sliceEntries([])).toEqual([[]]);
  expect(sliceEntries(chain(Array<string>(1_000).fill('x'.repeat(1_000))))).toHaveLength(3);
});
