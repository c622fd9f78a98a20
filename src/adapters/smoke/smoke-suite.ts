/** A smoke suite as its file says it: HTTP steps with what is expected of each answer. */
import { z } from 'zod';
import { show } from '../../documents/explain-issue.js';
import { durationField } from '../../duration-field.js';
import { isKnownPlaceholder } from './placeholders.js';

const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Cleanup runs on top of it, and the activity around both ends after two minutes. */
const longestSuiteMs = 60_000;

const limit = durationField({ leastMs: 1, mostMs: longestSuiteMs });

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const savedName = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/);
const pointer = z.string().regex(/^(\/[^/]*)*$/);

/** `secrets`: whether `${NAME}` may stand for an environment variable here. */
const template = (secrets: boolean) =>
  z.string().superRefine((text, context) => {
    for (const [whole, name = ''] of text.matchAll(/\$\{([^}]*)\}/g)) {
      if (isKnownPlaceholder(name, secrets)) continue;
      const allowed = secrets
        ? '${run.id}, ${saved.<name>} or an environment variable ${NAME}'
        : '${run.id} or ${saved.<name>}';
      const hint = secrets ? '' : '; environment variables belong into baseUrl and headers only';
      context.addIssue({ code: 'custom', message: `"${whole}" is unknown here; write ${allowed}${hint}` });
    }
  });

const step = z.strictObject({
  id,
  request: z.strictObject({
    method: z.enum(httpMethods),
    path: template(false).regex(/^\//),
    headers: z.record(z.string(), template(true)).default({}),
    /** A mapping or a list is sent as JSON, a text as it is. */
    body: z.json().optional(),
  }),
  expect: z.strictObject({
    status: z.int().min(100).max(599),
    /** Partial: keys that are not named are not looked at. */
    json: z.json().optional(),
    /** Stands somewhere in the answer. */
    text: template(false).min(1).optional(),
    within: limit.default(10_000),
  }),
  /** A name for what a JSON pointer finds in the answer: later steps write `${saved.<name>}`. */
  save: z.record(savedName, pointer).default({}),
  /** Runs even after a failure: cleanup. */
  always: z.boolean().default(false),
});

const firstStep =
  'a suite that asks nothing proves nothing. Give a first step, such as { id: health, request: { method: GET, path: /healthz }, expect: { status: 200 } }';

export const smokeSuiteSchema = z.strictObject({
  apiVersion: z.literal('holdpoint/v1').optional(),
  kind: z.literal('SmokeSuite'),
  name: z.string().optional(),
  description: z.string().optional(),
  baseUrl: z.string(),
  /** The whole suite, cleanup apart. */
  within: limit.default(longestSuiteMs),
  steps: z
    .array(step, { error: ({ input }) => (input === undefined ? `are missing; ${firstStep}` : undefined) })
    .min(1, { error: ({ input }) => `found ${show(input)}; ${firstStep}` }),
});

export type SmokeSuite = z.output<typeof smokeSuiteSchema>;
export type SuiteStep = SmokeSuite['steps'][number];
