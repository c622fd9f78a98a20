/** What a configuration says of requests to somebody else's server: paths, headers, bodies with names in them, pointers. */
import { z } from 'zod';
import { namesIn } from './adapters/flags/http/fill-template.js';
import { isPointer } from './adapters/json-pointer.js';
import type { Json } from './adapters/smoke/placeholders.js';
import { likeThis, textField } from './config-fields.js';
import { show } from './documents/explain-issue.js';
import { didYouMean } from './documents/nearest-word.js';
import type { Environment } from './fill-environment.js';

export const headersOf = (env: Environment) => {
  const value = textField(env, {
    // What would break out of its header is no value.
    isRight: (text) => text.trim() !== '' && !/[\r\n]/.test(text),
    wanted: 'the value of a header, secrets by name, such as Bearer ${TOKEN}',
    secret: true,
  });
  return z.record(headerName(), value, likeThis('{ authorization: "Bearer ${TOKEN}" }')).default({});
};

export const headerName = () =>
  z.string().regex(/^[A-Za-z0-9-]+$/, { error: 'write the name of a header, such as authorization' });

/** A path on the server, which begins with a slash. */
export function pathText(names: readonly string[]) {
  const wanted = `write a path that begins with /${names.length === 0 ? '' : `, such as /flags/{${names[0]}}`}`;
  return z
    .string({ error: ({ input }) => `${input === undefined ? 'is missing' : `found ${show(input)}`}; ${wanted}` })
    .superRefine((text, context) => {
      const problem = text.startsWith('/') ? unknownName(text, names) : `found "${text}"; ${wanted}`;
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });
}

function unknownName(json: Json, names: readonly string[]): string | null {
  const stray = namesIn(json).find((name) => !names.includes(name));
  if (stray === undefined) return null;
  const known = names.length === 0 ? 'none is known here' : `known: ${names.map((name) => `{${name}}`).join(', ')}`;
  return `{${stray}} stands for nothing; ${known}.${didYouMean(stray, names)}`;
}

/** A mapping of the reader's own making, with names to be filled in. */
export function template(names: readonly string[]) {
  return z.unknown().transform((value, context): Json => {
    const problem =
      typeof value === 'object' && value !== null
        ? unknownName(value as Json, names)
        : `found ${show(value)}; write a mapping, such as { ${names[0]}: "{${names[0]}}" }`;
    if (problem === null) return value as Json;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

export const pointer = () =>
  z.string().superRefine((text, context) => {
    if (!isPointer(text))
      context.addIssue({
        code: 'custom',
        message: `found "${text}"; write a JSON pointer, such as /rollout/percentage`,
      });
  });

/** Of a list in an answer: empty means the whole of it. */
export const pointerOrWhole = () => z.union([z.literal(''), pointer()]).default('');
