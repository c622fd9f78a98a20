/** What a catalogue may say of its dashboard. */
import { z } from 'zod';

const panel = z.strictObject({
  title: z.string().min(1),
  description: z.string().min(1),
  show: z
    .enum(['gauge', 'stat', 'trend', 'distribution'])
    .describe('The value now as a dial or a number, its course, or how a histogram’s events spread'),
  slis: z.array(z.string()).min(1),
  each: z.boolean().default(false).describe('A line for each value of the labels under by'),
});

export const dashboardField = z.strictObject({
  uid: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, {
    error: 'is no id for a dashboard; write up to 40 letters, digits, - or _',
  }),
  title: z.string().min(1),
  variables: z.array(z.string()).default([]).describe('Labels to choose from, beside env and service'),
  panels: z.array(panel).min(1),
});
