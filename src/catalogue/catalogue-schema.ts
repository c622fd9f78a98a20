/** What a catalogue file may say. */
import { z } from 'zod';
import { durationField } from '../duration-field.js';
import { patternProblem } from './pattern.js';
import { patternMark } from './selector.js';

const day = 86_400_000;
const metric = z
  .string()
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, { error: 'is no metric name; write one such as http_requests_total' })
  .describe('Name of a metric');
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
const named = { title: z.string().min(1).optional().describe('How people read it; the id when left out') };
const where = matchers.default({});

const ratio = z.strictObject({
  kind: z.literal('ratio'),
  ...named,
  events: metric,
  where,
  bad: matchers.optional(),
  good: matchers.optional(),
  measure: z.enum(['good', 'bad']).default('good').describe('Which share the SLI is'),
  objective: z.number().gt(0).lt(1).optional().describe('Share of good events to keep'),
  period: durationField({ leastMs: day, mostMs: 400 * day }).default(30 * day),
});
const quantile = z.strictObject({
  kind: z.literal('quantile'),
  ...named,
  histogram: metric,
  where,
  quantile: z.number().gt(0).lt(1),
  by: z.array(labelName).default([]),
});
const rate = z.strictObject({
  kind: z.literal('rate'),
  ...named,
  events: metric,
  where,
  per: durationField({ leastMs: 1_000, mostMs: day }).default(60_000),
});
const burnRate = z.strictObject({
  kind: z.literal('burn-rate'),
  ...named,
  of: z.string(),
  windows: z
    .array(durationField({ leastMs: 1_000, mostMs: 3 * day }))
    .min(1)
    .max(4),
});
const gauge = z.strictObject({
  kind: z.literal('gauge'),
  ...named,
  metric,
  where,
  aggregate: z.enum(['sum', 'max', 'min', 'avg']).default('sum'),
});

const sli = z.discriminatedUnion('kind', [ratio, quantile, rate, burnRate, gauge]);

/** No others: what stands here would be ignored. Any label can stand under `where`. */
const labels = z.array(z.enum(['env', 'service']));

export const catalogueSchema = z.strictObject({
  apiVersion: z.literal('holdpoint/v1'),
  kind: z.literal('SliCatalogue'),
  service: z.string().min(1),
  labels: labels.default([]).describe('Labels on every series that Holdpoint fills in'),
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
