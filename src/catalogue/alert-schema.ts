/** What a catalogue may say of the alerts on an SLI. */
import { z } from 'zod';
import { durationField } from '../duration-field.js';

const day = 86_400_000;

const alert = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Z][a-zA-Z0-9]*$/, { error: 'is no name for an alert; write one such as AutosaveSuccessRateLow' }),
  severity: z.enum(['page', 'ticket']).describe('page wakes somebody up, ticket waits for the morning'),
  above: z.union([z.number(), z.string()]).optional(),
  below: z.union([z.number(), z.string()]).optional().describe('A number, or baseline'),
  /** Of a burn rate: the long one and the short one. */
  windows: z.array(durationField({ leastMs: 60_000, mostMs: 30 * day })).optional(),
  /** Of a ratio: how far back it looks. */
  over: durationField({ leastMs: 300_000, mostMs: 7 * day }).optional(),
  missing: durationField({ leastMs: 600_000, mostMs: 7 * day })
    .optional()
    .describe('Its events are gone, and were there within this time'),
  each: z.boolean().default(false).describe('Each value of the labels under by is judged for itself'),
  // More within any window is a slip of the pen, and would keep the alert silent for ever.
  minEvents: z.number().int().nonnegative().max(1_000_000_000).optional().describe('Fewer events say nothing'),
  for: durationField({ leastMs: 0, mostMs: day }).default(300_000).describe('How long it must last'),
});

export const alertsField = z.array(alert).default([]);
export type AlertFile = z.output<typeof alert>;
