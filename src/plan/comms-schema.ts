/** What a plan says about messages from people to people. */
import { z } from 'zod';
import { fieldMeanings, fieldNames, fieldTypes, type FieldName } from '../comms/template-fields.js';
import { idField, planDuration, textField } from './plan-fields.js';

const fieldSchemas = {
  text: (about: { description: string }) => textField({ ...about, example: 'Autosave is slow for some users' }),
  time: (about: { description: string }) => textField({ ...about, example: '60m' }),
  'time-or-unknown': (about: { description: string }) => textField({ ...about, example: 'unknown' }),
  list: (about: { description: string }) =>
    z
      .array(textField({ description: 'One step.', example: 'Alert on save latency' }))
      .min(1)
      .max(20)
      .meta({ ...about, example: ['Alert on save latency'] }),
} as const;

const schemaOf = (name: FieldName) => fieldSchemas[fieldTypes[name]]({ description: fieldMeanings[name] }).optional();

const fieldsShape = Object.fromEntries(fieldNames.map((name) => [name, schemaOf(name)])) as Record<
  FieldName,
  ReturnType<typeof schemaOf>
>;

export const commsSchema = z
  .strictObject({
    templates: textField({
      description: 'Folder of the message templates, relative to this file.',
      example: '../comms',
    }),
    fields: z
      .strictObject(fieldsShape)
      .prefault({})
      .meta({ description: 'What is known in advance; whoever sends a message may say it anew.' }),
    remindBefore: planDuration('policy', {
      description: 'How long before a promised update people are reminded of it.',
    }).prefault('10m'),
    remindEvery: planDuration('policy', {
      description: 'How often a promised update that did not come escalates.',
    }).prefault('15m'),
    escalateTo: idField({
      description: 'Role that is told when a promised update did not come.',
      example: 'comms-lead',
    }).default('on-call'),
  })
  .meta({ description: 'Messages that people send. They are no part of the plan that a rollout is started with.' });

export type CommsFile = z.output<typeof commsSchema>;
