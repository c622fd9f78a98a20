/** What a check may say: one source, one limit with a direction, a severity. */
import { z } from 'zod';
import { notBuilt } from '../documents/not-built.js';
import { show } from '../documents/explain-issue.js';
import { nameField, planDuration, textField } from './plan-fields.js';

const limitWanted = 'write a number such as 0.995, or a duration such as 800ms';

/** Which of the two fits depends on the source, so that is a rule's business. */
const limitField = (description: string, example: unknown) =>
  z
    .union([z.number(), z.string()], {
      error: ({ input }) => `found ${show(input)}; ${limitWanted}`,
    })
    .meta({ description, example });

const comparing = 'comparing with users outside the rollout is not built yet';

export const checkSchema = z.strictObject({
  title: textField({
    description: "How people read it. Left out: the SLI's title, or the name.",
    example: 'Autosave success',
  }).optional(),
  sli: nameField({
    description: 'SLI in the catalogue. A check has an `sli` or a `promql`.',
    example: 'autosave-success',
  }).optional(),
  promql: textField({
    description: 'A query that gives one series. `$window` stands for the window. A check has an `sli` or a `promql`.',
    example: 'sum(rate(network_offline_events_total[$window]))',
  }).optional(),
  min: limitField(
    'The least that passes. A check has a `min` or a `max`, or the objective of its SLI.',
    0.995,
  ).optional(),
  max: limitField('The most that passes. Seconds are written as a duration.', '800ms').optional(),
  severity: z.enum(['rollback', 'block', 'warn', 'observe']).meta({
    description:
      'What a failure does: `rollback` rolls back at once, `block` blocks the way up and asks, `warn` is shown and announced, `observe` is recorded only.',
    example: 'block',
  }),
  consecutive: z.int().min(1).max(100).default(3).meta({
    description: 'How many windows in a row that share no data must fail before a `rollback` check rolls back.',
  }),
  minEvents: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .meta({ description: 'Fewer counted events than this are `insufficient`: neither pass nor fail.', example: 300 }),
  window: planDuration('window', {
    description:
      'How far back a look reads. Left out: 15m. A source with windows of its own, such as a burn rate, takes none.',
    example: '5m',
  }).optional(),
  gateWindow: z.enum(['stage', 'watch']).optional().meta({
    description:
      'What a gate reads: everything since the flip (`stage`), or the same window as a look (`watch`). Left out: `stage` where events are counted, else `watch`.',
    example: 'stage',
  }),
  compare: z
    .literal('before', {
      error: ({ input }) =>
        input === 'control'
          ? `${comparing}; write compare: before, or give a min or a max`
          : `found ${show(input)}; write compare: before`,
    })
    .optional()
    .meta({
      description:
        'Compares the share with what it used to be, the `baseline` of its SLI in the catalogue: 1 is as good as before. Where nothing happened then, it cannot tell. Takes `atLeast` instead of a `min`.',
      example: 'before',
    }),
  atLeast: z.number().gt(0).max(1).optional().meta({
    description: 'How much of the baseline passes. Left out: what the catalogue says with `within`.',
    example: 0.9,
  }),
  atFull: notBuilt(`${comparing}; leave it out`),
  detect: notBuilt('the sequential detector is not built yet; leave it out, `consecutive` failing windows roll back'),
  maxFailures: notBuilt('is not built yet; leave it out and use `consecutive`'),
  each: notBuilt('is not built yet; leave it out, or write one check per label value with promql'),
});

export type CheckFile = z.output<typeof checkSchema>;
