/** What a catalogue file may say. */
import { z } from 'zod';
import { durationField } from '../duration-field.js';
import { alertsField } from './alert-schema.js';
import { dashboardField } from './dashboard-schema.js';
import { patternProblem } from './pattern.js';
import { patternMark } from './selector.js';

const day = 86_400_000;
const metric = z
  .string()
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, { error: 'is no metric name; write one such as http_requests_total' })
  .describe('Name of a metric');
/** Without it a share has nothing to be a share of. */
const denominator = z
  .string({
    error: ({ input }) =>
      input === undefined
        ? 'is missing; name the counter of all events, good and bad, such as http_requests_total'
        : undefined,
  })
  .pipe(metric);
const labelName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, { error: 'is no label name; write one such as endpoint' })
  .refine((name) => name !== '__name__', { error: 'is the metric itself, which has a key of its own; leave it out' });
const labelValue = z.string().superRefine((value, context) => {
  const problem = value.startsWith(patternMark) ? patternProblem(value.slice(patternMark.length)) : null;
  if (problem !== null)
    context.addIssue({ code: 'custom', message: `the pattern ${JSON.stringify(value)} ${problem}` });
});
const matchers = z
  .record(labelName, labelValue)
  .describe('Label values to keep; a value that begins with ~ is a regular expression, such as "~5.."');
const ruleMetric = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: 'is no name for rules; write one such as autosave_success' });
const named = {
  title: z.string().min(1).optional().describe('How people read it; the id when left out'),
  group: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, { error: 'is no name for a group of rules; write one such as autosave' })
    .optional(),
  record: ruleMetric.optional().describe('The middle of its rules’ names; the id when left out'),
  alias: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(:[a-z0-9_]+)?$/, { error: 'is no name for a rule; write one such as api_latency:p95' })
    .optional()
    .describe('A second, short name for its rule'),
  alerts: alertsField,
};
const by = z.array(labelName).default([]).describe('Labels that rules and dashboards keep; a gate adds them up');
/** In the SLI's own unit. */
const limit = z.union([z.number(), z.string()]);
const where = matchers.default({});

const baseline = z
  .strictObject({
    over: durationField({ leastMs: 3_600_000, mostMs: 30 * day }),
    ago: durationField({ leastMs: 3_600_000, mostMs: 30 * day }),
    within: z.number().gt(0).lt(1),
    minEvents: z.number().int().positive().default(20).describe('A time with fewer events is no baseline'),
  })
  .describe('What it used to be: the share over a time that ended a while ago, and how far below it may fall');

const ratio = z.strictObject({
  kind: z.literal('ratio'),
  ...named,
  events: denominator,
  where,
  bad: matchers.optional(),
  good: matchers.optional(),
  measure: z.enum(['good', 'bad']).default('good').describe('Which share the SLI is'),
  by,
  objective: z.number().gt(0).lt(1).optional().describe('Share of good events to keep'),
  baseline: baseline.optional(),
  period: durationField({ leastMs: day, mostMs: 400 * day }).default(30 * day),
});
const quantile = z.strictObject({
  kind: z.literal('quantile'),
  ...named,
  histogram: metric,
  where,
  quantile: z.number().gt(0).lt(1),
  by,
  objective: limit.optional().describe('Most that it may be'),
});
const rate = z.strictObject({
  kind: z.literal('rate'),
  ...named,
  events: metric,
  where,
  by,
  per: durationField({ leastMs: 1_000, mostMs: day }).default(60_000),
  objective: limit.optional().describe('Most that it may be'),
});
const burnRate = z.strictObject({
  kind: z.literal('burn-rate'),
  ...named,
  of: z.string(),
  windows: z
    .array(durationField({ leastMs: 1_000, mostMs: 3 * day }))
    .min(1)
    .max(4),
  objective: limit.optional().describe('Most that it may be'),
});
const gauge = z.strictObject({
  kind: z.literal('gauge'),
  ...named,
  metric,
  where,
  by,
  aggregate: z.enum(['sum', 'max', 'min', 'avg']).default('sum'),
});

const sli = z.discriminatedUnion('kind', [ratio, quantile, rate, burnRate, gauge]);

/** No others: what stands here would be ignored. Any label can stand under `where`. */
const labels = z.array(z.enum(['env', 'service']));

const budget = z
  .strictObject({
    series: z.number().int().positive(),
    values: z.record(labelName, z.number().int().positive()),
  })
  .describe('Most series that all rules may make, and most values of each label that they keep');

/** Where an alert sends people. */
const links = z.strictObject({
  runbooks: z.url({ protocol: /^https?$/ }),
  dashboards: z.url({ protocol: /^https?$/ }),
});

export const catalogueSchema = z.strictObject({
  apiVersion: z.literal('holdpoint/v1'),
  kind: z.literal('SliCatalogue'),
  service: z.string().min(1),
  labels: labels.default([]).describe('Labels on every series that Holdpoint fills in'),
  budget: budget.optional(),
  links: links.optional(),
  dashboard: dashboardField.optional(),
  slis: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9-]*$/, {
      error: 'an id has lower-case letters, digits and hyphens, such as api-latency',
    }),
    sli,
  ),
});

export type CatalogueFile = z.output<typeof catalogueSchema>;
export type SliFile = z.output<typeof sli>;

/** Null when its form is wrong. */
export const readSli = (value: unknown): SliFile | null => sli.safeParse(value).data ?? null;
export const readLabels = (value: unknown): readonly string[] => labels.safeParse(value).data ?? [];
