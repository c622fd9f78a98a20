/** Random documents and users: the reference evaluator and the client answer alike, as far as the client knows targeting. */
import { FlagdCore } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const joined = (attribute: string): object => ({ cat: [{ var: '$flagd.flagKey' }, { var: attribute }] });

const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const text = fc.string({ unit: 'binary', maxLength: 30 });
const variantName = fc.constantFrom('a', 'b', 'c');
const values = [
  fc.boolean(),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.dictionary(fc.constantFrom('x', 'y'), fc.integer()),
] as const;
const weight = fc.oneof(fc.nat(100), fc.nat(100_000), fc.constantFrom(0, 2 ** 21, 2 ** 30, 2 ** 31 - 1));
/** A fourth name is no variant. */
const bucketName = fc.oneof({ weight: 8, arbitrary: variantName }, fc.constantFrom('d', null));
const bucket = fc.oneof(fc.tuple(bucketName, weight), fc.tuple(bucketName));
const drawnBy = fc.constantFrom([joined('targetingKey')], [joined('email')], [{ var: 'email' }], []);
const fractional = fc
  .tuple(drawnBy, fc.array(bucket, { minLength: 1, maxLength: 5 }))
  .map(([first, buckets]) => ({ fractional: [...first, ...buckets] }));

const flag = fc.oneof(...values).chain((value) =>
  fc.record({
    state: fc.constantFrom('ENABLED', 'ENABLED', 'ENABLED', 'DISABLED'),
    variants: fc.constant({ a: value, b: value, c: value }),
    defaultVariant: fc.oneof(variantName, fc.constantFrom(null, undefined, '')),
    targeting: fc.oneof({ weight: 1, arbitrary: fc.constantFrom({}, undefined) }, { weight: 4, arbitrary: fractional }),
  }),
);
const context = fc.record({ targetingKey: text, email: text }, { requiredKeys: [] });

it('answers as the reference does: value, variant, reason and error code', () => {
  fc.assert(
    fc.property(fc.dictionary(key, flag, { minKeys: 1, maxKeys: 4 }), context, (flags, who) => {
      const document = { flags };
      const core = new FlagdCore(undefined, quiet);
      core.setConfigurations(JSON.stringify(document));
      const ours = createFlags({ document });
      for (const one of Object.keys(flags)) {
        const theirs = core.resolveBooleanEvaluation(one, false, who, quiet);
        const { value, variant, reason, errorCode } = ours.details(one, false, who);
        expect({ value, variant, reason, errorCode }).toEqual({
          value: theirs.value,
          variant: theirs.variant,
          reason: theirs.reason,
          errorCode: theirs.errorCode,
        });
        expect(ours.get(one, false, who)).toBe(theirs.value);
        expect(ours.get(one, 'none', who)).toBe(core.resolveStringEvaluation(one, 'none', who, quiet).value);
        expect(ours.get(one, -1, who)).toBe(core.resolveNumberEvaluation(one, -1, who, quiet).value);
        expect(ours.get(one, null, who)).toEqual(core.resolveObjectEvaluation(one, null, who, quiet).value);
      }
    }),
    { numRuns: 500 },
  );
});
