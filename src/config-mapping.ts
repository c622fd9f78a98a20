/** The mapping of a flag store behind somebody's own HTTP service. */
import { z } from 'zod';
import { templateNames } from './adapters/flags/http/fill-template.js';
import { percentForms, type HttpBody, type HttpMapping } from './adapters/flags/http/http-mapping.js';
import { likeThis, mappingOr, type TextField } from './config-fields.js';
import { headerName, headersOf, pathText, pointer, pointerOrWhole, template } from './config-requests.js';
import { durationField } from './duration-field.js';
import type { Environment } from './fill-environment.js';

/** Two requests, and what lies between them, fit into a step. */
export const storeTimeout = () => durationField({ leastMs: 100, mostMs: 3_000 }).default(1_500);

const body = () => {
  const own = template(templateNames);
  return z
    .unknown()
    .default('whole')
    .transform((value, context): HttpBody => {
      if (value === 'whole' || value === 'patch') return value;
      if (typeof value === 'string') {
        context.addIssue({
          code: 'custom',
          message: `found "${value}"; write whole, patch, or a mapping with names such as {percent}`,
        });
        return z.NEVER;
      }
      const checked = own.safeParse(value);
      if (checked.success) return { template: checked.data };
      for (const { message } of checked.error.issues) context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
};

const methods = ['PUT', 'PATCH', 'POST'] as const;

export function httpStore(fields: { readonly env: Environment; readonly url: TextField }) {
  const key = pathText(['key']);
  const noted = pointer().optional();
  return z.strictObject({
    kind: z.literal('http'),
    url: fields.url,
    headers: headersOf(fields.env),
    timeout: storeTimeout(),
    flag: key,
    fields: z.strictObject(
      { percent: pointer(), fence: noted, owner: noted, safeState: noted, breakGlass: noted, by: noted, reason: noted },
      likeThis('{ percent: /rollout/percentage, fence: /metadata/fence, owner: /metadata/owner }'),
    ),
    percentAs: z.enum(percentForms).default('percent'),
    percentStep: z.number().min(0.001).max(50).default(0.001),
    revision: z
      .strictObject({ header: headerName().optional(), field: noted }, likeThis('{ header: etag }'))
      .optional(),
    write: z.strictObject(
      {
        method: z.enum(methods).default('PUT'),
        path: key.optional(),
        body: body(),
        compare: z
          .strictObject(
            { header: headerName().optional(), body: z.literal(true).optional() },
            likeThis('{ header: if-match }'),
          )
          .optional(),
        conflict: z.array(z.int().min(400).max(599)).min(1).default([409, 412]),
      },
      likeThis('{ method: PUT, compare: { header: if-match } }'),
    ),
    create: z
      .strictObject(
        { method: z.enum(methods).default('POST'), path: key, body: body() },
        likeThis('{ path: /flags, body: { key: "{key}" } }'),
      )
      .optional(),
    list: z
      .strictObject(
        { path: pathText([]), items: pointerOrWhole(), key: pointerOrWhole() },
        likeThis('{ path: /flags, items: /flags, key: /key }'),
      )
      .optional(),
    keys: z.array(z.string().min(1)).min(1).optional(),
  });
}

type HttpStoreFile = z.output<ReturnType<typeof httpStore>>;

export function mappingRules(given: HttpStoreFile, context: z.RefinementCtx): void {
  const { revision, write, list, keys } = mappingOr(given);
  const say = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (revision !== undefined && one(revision.header, revision.field) === null)
    say(['revision'], 'needs one of header and field, such as { header: etag }');
  if (write?.compare !== undefined) {
    if (one(write.compare.header, write.compare.body) === null)
      say(['write', 'compare'], 'needs one of header and body, such as { header: if-match }');
    if (revision === undefined)
      say(['write', 'compare'], 'needs a revision to compare, such as revision: { header: etag }');
  }
  if (one(list, keys) === null)
    say([], 'needs list or keys: which flags there are, such as list: { path: /flags, items: /flags, key: /key }');
}

/** The only one of two that is given; null: neither is, or both. */
const one = <A, B>(a: A | undefined, b: B | undefined): A | B | null =>
  a === undefined ? (b ?? null) : b === undefined ? a : null;

export function toMapping(store: HttpStoreFile): HttpMapping {
  const { url, headers, timeout: timeoutMs, flag, percentAs, percentStep, write, create, list, keys } = store;
  const {
    percent,
    fence = null,
    owner = null,
    safeState = null,
    breakGlass = null,
    by = null,
    reason = null,
  } = store.fields;
  const { header, field } = store.revision ?? {};
  const { compare, path, ...form } = write;
  return {
    url,
    headers,
    timeoutMs,
    flag,
    fields: { percent, fence, owner, safeState, breakGlass, by, reason },
    percentAs,
    percentStep,
    revision: header !== undefined ? { header } : field !== undefined ? { field } : null,
    write: {
      ...form,
      path: path ?? flag,
      compare: compare === undefined ? null : compare.header === undefined ? 'body' : { header: compare.header },
    },
    create: create ?? null,
    list: list ?? { keys: keys ?? [] },
  };
}
