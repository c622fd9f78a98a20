/** What the front matter of a template may say. */
import { z } from 'zod';
import { audiences } from '../core/audience.js';
import { media, moments } from '../core/notice.js';
import { fieldNames, type FieldName } from './template-fields.js';

/** `plan`: the plan says it in advance. `send`: whoever sends it says it. `optional`: may be left out. */
export const givenBy = ['plan', 'send', 'optional'] as const;
export type GivenBy = (typeof givenBy)[number];

const fields = Object.fromEntries(fieldNames.map((name) => [name, z.enum(givenBy).optional()])) as Record<
  FieldName,
  z.ZodOptional<z.ZodEnum<{ [K in GivenBy]: K }>>
>;

export const templateSchema = z.strictObject({
  title: z.string().min(1).max(200),
  moment: z.enum(moments),
  medium: z.enum(media),
  audience: z.enum(audiences),
  subject: z.string().min(1).max(300).optional(),
  fields: z.strictObject(fields).default({} as never),
});

export type FrontMatter = z.output<typeof templateSchema>;
