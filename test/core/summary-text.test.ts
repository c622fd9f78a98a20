/** Whatever people write, a summary stays within what the server takes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { summaryText } from '../../src/core/summary-text.js';

it('is one line of at most 203 bytes as JSON, for every text', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.string({ unit: fc.constantFrom('\u0001', '"', '\\', '漢', '👩‍👧', '\ud800', '\n', 'a'), maxLength: 3_000 }),
  );
  fc.assert(
    fc.property(nasty, (text) => {
      const summary = summaryText(text);
      expect(Buffer.byteLength(JSON.stringify(summary)) - 2).toBeLessThanOrEqual(203);
      expect(summary).not.toMatch(/[\n\p{Cc}]/u);
    }),
  );
});

it('leaves ordinary text as it is', () => {
  expect(summaryText('Holding at 10 % until 16:00 UTC.')).toBe('Holding at 10 % until 16:00 UTC.');
});
