/** What a plan file may say: the one place that knows its keys. Descriptions go into the reference and the editor help. */
import { z } from 'zod';
import { show } from '../documents/explain-issue.js';
import { commsSchema } from './comms-schema.js';
import { checkSchema } from './check-schema.js';
import { afterSchema, gateSchema, preflightSchema } from './gate-schema.js';
import {
  idField,
  idKey,
  idsField,
  nameKey,
  instantField,
  nameField,
  percentField,
  planDuration,
  textField,
} from './plan-fields.js';
import { policySchema } from './policy-schema.js';

export const flagSchema = z
  .strictObject({
    store: idField({ description: "Flag store: an id in the worker's configuration.", example: 'local' }),
    environment: idField({
      description: 'Environment of the flag; fills the `env` label in queries.',
      example: 'production',
    }),
    key: idField({ description: 'Key of the flag.', example: 'reporting-unified' }),
    rollback: z
      .strictObject({
        set: z
          .record(idKey, z.boolean())
          .default({})
          .meta({ description: 'Other flags to set when rolling back.', example: { 'reporting-unified-only': false } }),
      })
      .prefault({})
      .meta({ description: 'The safe state beyond percent 0.' }),
  })
  .meta({ description: 'The flag that is rolled out.' });

export const watchSchema = z
  .strictObject({
    every: planDuration('look', { description: 'How often a look is recorded.' }).prefault('15m'),
    guard: planDuration('guard', { description: 'How often the guard judges between looks.' }).prefault('15s'),
    checks: z
      .array(
        z.union(
          [
            nameField({ description: 'Name of a check.' }),
            z.strictObject({
              id: nameField({ description: 'Name of a check.', example: 'version-conflicts' }),
              every: planDuration('look', { description: 'How often a look asks it.', example: '1h' }),
            }),
          ],
          { error: ({ input }) => `found ${show(input)}; write the name of a check, or { id: p95, every: 1h }` },
        ),
      )
      .max(100)
      .meta({
        description: 'Checks judged all the time: names under `checks`, or names with a rhythm of their own.',
        example: ['autosave-success', { id: 'version-conflicts', every: '1h' }],
      }),
  })
  .meta({ description: 'What is judged all the time: in every stage, hold, wait and pause.' });

export const stageSchema = z.strictObject({
  percent: percentField({ description: 'Share of users who get the flag. At most three decimals.', example: 25 }),
  hold: planDuration('hold', { description: 'How long the stage lasts at least.', example: '4h' }),
  gate: gateSchema
    .optional()
    .meta({ description: "Replaces the plan's `gate` for this stage, key by key at its first level." }),
});

export const planShape = {
  apiVersion: z.literal('holdpoint/v1').meta({ description: 'Version of the format.', example: 'holdpoint/v1' }),
  kind: z.literal('RolloutPlan').meta({ description: 'What the file is.', example: 'RolloutPlan' }),
  name: idField({ description: 'Name of the plan.', example: 'unified-reporting-day0' }),
  owner: textField({ description: 'Who to ask about it.', example: 'reporting-team' }).optional(),
  description: textField({ description: 'What it is for.', example: 'The new viewer for your reports' }).optional(),
  flag: flagSchema,
  startAt: instantField({
    description: 'When to begin. It waits until then, and can be rolled back while waiting. Left out: at once.',
    example: '2026-12-01T08:00:00Z',
  }).optional(),
  deadline: planDuration('deadline', {
    description: 'For the whole rollout, waits and pauses included; counted from the claim.',
    example: '36h',
  }),
  endAt: percentField({ description: 'Where the rollout ends, when that is not 100.', example: 50 }).optional(),
  slis: textField({
    description: 'Path of the SLI catalogue, relative to this file.',
    example: '../slis/reporting.yaml',
  }).optional(),
  preflight: preflightSchema.optional(),
  watch: watchSchema,
  gate: gateSchema.prefault({}).meta({ description: "The default gate of every stage's hold point." }),
  stages: z
    .array(stageSchema)
    .min(1)
    .max(50)
    .meta({
      description: 'Percentages in rising order. The hold at the last one is the bake.',
      example: [{ percent: 10, hold: '4h' }],
    }),
  after: afterSchema.optional(),
  policy: policySchema,
  checks: z.record(nameKey, checkSchema).meta({ description: 'Questions about numbers, by name.' }),
  announce: z
    .strictObject({
      channels: idsField({
        description: "Channels to tell: ids in the worker's configuration.",
        example: ['release-room'],
      }).default([]),
    })
    .prefault({})
    .meta({ description: 'Who is told.' }),
  comms: commsSchema.optional(),
};

export const planSchema = z.strictObject(planShape);

export type PlanFile = z.output<typeof planSchema>;
export type StageFile = z.output<typeof stageSchema>;
export type WatchFile = z.output<typeof watchSchema>;
