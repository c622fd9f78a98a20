/** The audit in memory: the same chain as its entries, and cut into parts that may be handed over. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditHead, firstBadEntry, nextEntry, type AuditEntry } from '../../src/core/audit.js';
import { addEntry, charsIn, entriesIn, linesAfter, noEntries, sliceLines } from '../../src/core/audit-lines.js';

const content = (text: string | undefined) =>
  ({ at: '2026-12-01T08:00:00Z', kind: 'verdict', data: { text } }) as const;

function audited(texts: readonly (string | undefined)[]) {
  const audit = noEntries();
  for (const text of texts) addEntry(audit, content(text));
  return audit;
}

it('is the chain that the entries themselves would be', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: 'binary' }), { nil: undefined })), (texts) => {
      const entries: AuditEntry[] = [];
      for (const text of texts) entries.push(nextEntry(entries, content(text)));
      const audit = audited(texts);
      expect(entriesIn(audit.lines)).toEqual(entries);
      expect(firstBadEntry(entriesIn(audit.lines))).toBeNull();
      expect(audit).toMatchObject({ seq: texts.length, head: auditHead(entries) });
    }),
  );
});

it('gives what comes after an entry, also when it begins late', () => {
  const audit = audited(['a', 'b', 'c', 'd']);
  const numbers = (seq: number): number[] => entriesIn(linesAfter(audit, seq)).map((entry) => entry.seq);
  expect(numbers(0)).toEqual([1, 2, 3, 4]);
  audit.lines.splice(0, 2);
  expect([numbers(0), numbers(3), numbers(4), numbers(9)]).toEqual([[3, 4], [4], [], []]);
  addEntry(audit, content('e'));
  expect(numbers(4)).toEqual([5]);
});

it('keeps each line once and in order, and no slice over the limit but one of a single line', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 900 })), fc.integer({ min: 1, max: 3_000 }), (lines, chars) => {
      const slices = sliceLines(lines, chars);
      expect(slices.flat()).toEqual(lines);
      for (const slice of slices) expect(slice.length <= 1 || charsIn(slice) <= chars).toBe(true);
    }),
  );
  expect(sliceLines(Array<string>(1_000).fill('x'.repeat(1_000)))).toHaveLength(2);
  expect(sliceLines([])).toEqual([[]]);
});
