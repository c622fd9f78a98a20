/** The kinds of values a plan is made of: names, percentages, instants, durations, each with its advice when wrong. */
import { z } from 'zod';
import { durationField } from '../duration-field.js';
import { show } from '../documents/explain-issue.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What the reference and the editor help say of a field, beside its type. */
export interface About {
  readonly description: string;
  readonly example?: unknown;
}

const advice =
  (wanted: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `is missing; ${wanted}` : `found ${show(input)}; ${wanted}`;

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const idWanted = 'write a name of letters, digits, dots, hyphens and underscores';
const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const nameWanted = 'write a name of lower-case letters, digits and hyphens';

const like = (wanted: string, { example }: About): string =>
  typeof example === 'string' ? `${wanted}, such as ${example}` : wanted;

/** For the keys of a mapping: what was found is said already. */
export const idKey = z.string().regex(idPattern, { error: `${idWanted}, such as old-viewer` });
export const nameKey = z.string().regex(namePattern, { error: `${nameWanted}, such as autosave-success` });

/** A name that other places refer to. */
export const idField = (about: About) =>
  z
    .string({ error: advice(like(idWanted, about)) })
    .regex(idPattern, { error: advice(like(idWanted, about)) })
    .meta({ ...about });

/** Names that a plan gives and uses itself. */
export const nameField = (about: About) =>
  z
    .string({ error: advice(like(nameWanted, about)) })
    .regex(namePattern, { error: advice(like(nameWanted, about)) })
    .meta({ ...about });

const textWanted = 'write a text';

export const textField = (about: About) =>
  z
    .string({ error: advice(textWanted) })
    .regex(/\S/, { error: advice(textWanted) })
    .max(500, { error: 'is longer than 500 characters; write less' })
    .meta({ ...about });

export const percentField = (about: About) => {
  const wanted = 'write a percentage above 0 and at most 100, with at most three decimals, such as 12.5';
  return z
    .number({ error: advice(wanted) })
    .gt(0, { error: advice(wanted) })
    .lte(100, { error: advice(wanted) })
    .refine((percent) => Number(percent.toFixed(3)) === percent, { error: advice(wanted) })
    .meta({ ...about });
};

/** ISO text in UTC for code, whatever zone the person wrote. */
export const instantField = (about: About) => {
  const wanted = 'write an instant with its zone, such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00';
  return z
    .string({ error: advice(wanted) })
    .transform((text, context) => {
      if (z.iso.datetime({ offset: true }).safeParse(text).success) return new Date(text).toISOString();
      context.addIssue({ code: 'custom', message: `found "${text}"; ${wanted}` });
      return z.NEVER;
    })
    .meta({ ...about, format: 'date-time' });
};

const ranges = {
  hold: { leastMs: second, mostMs: 30 * day },
  deadline: { leastMs: minute, mostMs: 90 * day },
  decision: { leastMs: second, mostMs: 7 * day },
  policy: { leastMs: second, mostMs: 7 * day },
  look: { leastMs: second, mostMs: day },
  guard: { leastMs: second, mostMs: 5 * minute },
  window: { leastMs: second, mostMs: 7 * day },
  due: { leastMs: -30 * day, mostMs: 30 * day },
} as const;

export const planDuration = (range: keyof typeof ranges, about: About) =>
  durationField(ranges[range]).meta({ ...about, duration: ranges[range] });

/** A list of names, each once. */
export const namesField = (about: About) => {
  const name = nameField({ description: 'One name' });
  return z.array(name).meta({ ...about });
};

export const idsField = (about: About) => z.array(idField({ description: 'One id' })).meta({ ...about });
