/** Why somebody gets what they get: always the flag client's answer, and for our own rules the draw that decides it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainEvaluation } from '../../src/flag-server/explain-evaluation.js';
import { createFlags } from '../../src/flag-client/create-flags.js';
import type { FlagContext } from '../../src/flag-client/flag-values.js';
import { documentOf } from '../support/a-flag-document.js';

const open = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const by = (...parts: unknown[]) => JSON.stringify({ flags: { f: { ...open, targeting: { fractional: parts } } } });

it('the draw and the answer agree, whoever asks and whatever the percent', () => {
  const thousandths = fc.integer({ min: 1, max: 99_999 });
  fc.assert(
    fc.property(thousandths, fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (weight, user, key) => {
      const percent = weight / 1_000;
      const text = documentOf({ [key]: { percent } });
      const { value, draw } = explainEvaluation(text, key, { targetingKey: user });
      expect(value).toBe(createFlags({ document: JSON.parse(text) as object }).get(key, false, { targetingKey: user }));
      expect(draw?.percent).toBe(percent);
      expect((draw?.drawnAt ?? 100) < percent).toBe(value);
      const above = documentOf({ [key]: { percent: 99.999 } });
      expect(explainEvaluation(above, key, { targetingKey: user }).draw?.drawnAt).toBe(draw?.drawnAt);
    }),
    { numRuns: 60 },
  );
});

const f = documentOf({ f: { percent: 50 } });

it.each<[string, string, FlagContext, string]>([
  ['f', f, { targetingKey: 'dana' }, "dana gets on (true): drawn at 16.479 %, which is below the flag's 50 %."],
  ['f', f, {}, 'All who bring no key are one user.'],
  [
    'f',
    documentOf({ f: { percent: 0 } }),
    { targetingKey: 'dana' },
    'dana gets off (false): the flag has no rule, so everybody does.',
  ],
  ['nope', f, {}, "Whoever brings no key gets the application's own default: FLAG_NOT_FOUND, not in the document."],
  ['__proto__', f, { targetingKey: 'u' }, 'FLAG_NOT_FOUND'],
  ['f', '{"flags":{"f":{"state":"DISABLED"}}}', {}, "gets the application's own default: the flag is disabled."],
  ['f', by({ var: 'email' }, ['on', 1]), { email: 'a' }, 'on (true): drawn by a rule that Holdpoint did not write.'],
  ['f', by({ var: 'email' }, ['on', 1]), {}, 'on (true): nothing was drawn, so the default variant holds.'],
  ['f', by('salt', ['on', 1]), {}, 'PARSE_ERROR, cannot read targeting'],
])('%s', (key, text, ...[context, sentence]) => {
  expect(explainEvaluation(text, key, context).sentence).toContain(sentence);
});

it('a text that is no document is said', () => {
  expect(() => explainEvaluation('{"flags":{"f":{},"f":{}}}', 'f', {})).toThrow('flag document: a key is there twice');
});
