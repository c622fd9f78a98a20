/** The flag stores of a configuration file: a document, Unleash, or somebody's own service behind a mapping. */
import { z } from 'zod';
import type { AfterWrite } from './adapters/flags/after-write.js';
import { namesIn, templateNames } from './adapters/flags/http/fill-template.js';
import { percentForms, type HttpBody, type HttpMapping } from './adapters/flags/http/http-mapping.js';
import { isPointer } from './adapters/json-pointer.js';
import type { Json } from './adapters/smoke/placeholders.js';
import { likeThis, mappingOr, textField, type TextField } from './config-fields.js';
import { didYouMean } from './documents/nearest-word.js';
import { show } from './documents/explain-issue.js';
import { durationField } from './duration-field.js';
import type { Environment } from './fill-environment.js';

export type FlagStoreConfig = {
  /** Left out: nothing is done after a write. */
  readonly afterWrite?: AfterWrite;
} & (
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'unleash';
      readonly url: string;
      readonly project: string;
      readonly environment: string;
      readonly token: string;
      readonly timeoutMs: number;
    }
  | ({ readonly kind: 'http' } & HttpMapping)
);

export interface StoreFields {
  readonly env: Environment;
  readonly name: TextField;
  readonly secret: TextField;
  readonly url: TextField;
  readonly path: z.ZodType<string, string>;
}

/** Two requests, and what lies between them, fit into a step. */
const timeout = () => durationField({ leastMs: 100, mostMs: 3_000 }).default(1_500);

export function flagStoreSchema(fields: StoreFields) {
  const { name, secret, url, path } = fields;
  const afterWrite = z.strictObject(
    { cdn: cdn(fields) },
    likeThis('{ cdn: { url: "https://cdn.example.com/purge", path: /flags.json } }'),
  );
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('file'), path, afterWrite: afterWrite.optional() }),
    z.strictObject({
      kind: z.literal('unleash'),
      url,
      project: name.default('default'),
      environment: name,
      token: secret,
      timeout: timeout(),
      afterWrite: afterWrite.optional(),
    }),
    httpStore(fields).extend({ afterWrite: afterWrite.optional() }).superRefine(mappingRules),
  ]);
}

const headersOf = ({ env }: StoreFields) => {
  const value = textField(env, {
    // What would break out of its header is no value.
    isRight: (text) => text.trim() !== '' && !/[\r\n]/.test(text),
    wanted: 'the value of a header, secrets by name, such as Bearer ${TOKEN}',
    secret: true,
  });
  return z.record(headerName(), value, likeThis('{ authorization: "Bearer ${TOKEN}" }')).default({});
};

const headerName = () =>
  z.string().regex(/^[A-Za-z0-9-]+$/, { error: 'write the name of a header, such as authorization' });

function cdn(fields: StoreFields) {
  return z.strictObject(
    {
      url: fields.url,
      method: z.enum(['POST', 'PUT']).default('POST'),
      path: pathText([]),
      headers: headersOf(fields),
      body: template(['path', 'reference', 'key']).optional(),
      timeout: durationField({ leastMs: 100, mostMs: 30_000 }).default(5_000),
    },
    likeThis('{ url: "https://cdn.example.com/purge", path: /flags.json }'),
  );
}

/** A path on the server, which begins with a slash. */
function pathText(names: readonly string[]) {
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
function template(names: readonly string[]) {
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

const pointer = () =>
  z.string().superRefine((text, context) => {
    if (!isPointer(text))
      context.addIssue({
        code: 'custom',
        message: `found "${text}"; write a JSON pointer, such as /rollout/percentage`,
      });
  });

/** Of a list in an answer: empty means the whole of it. */
const pointerOrWhole = () => z.union([z.literal(''), pointer()]).default('');

const methods = ['PUT', 'PATCH', 'POST'] as const;

function httpStore(fields: StoreFields) {
  const key = pathText(['key']);
  const noted = pointer().optional();
  return z.strictObject({
    kind: z.literal('http'),
    url: fields.url,
    headers: headersOf(fields),
    timeout: timeout(),
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

function mappingRules(given: HttpStoreFile, context: z.RefinementCtx): void {
  const { revision, write, list, keys } = mappingOr(given);
  const say = (path: string[], message: string): void => void context.addIssue({ code: 'custom', path, message });
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

type StoreFile = z.output<ReturnType<typeof flagStoreSchema>>;

export function toFlagStore(store: StoreFile): FlagStoreConfig {
  const { afterWrite } = store;
  return { ...toBareStore(store), ...(afterWrite === undefined ? {} : { afterWrite: toAfterWrite(afterWrite) }) };
}

function toBareStore(store: StoreFile): FlagStoreConfig {
  switch (store.kind) {
    case 'file':
      return { kind: 'file', path: store.path };
    case 'unleash': {
      const { kind, url, project, environment, token, timeout: timeoutMs } = store;
      return { kind, url, project, environment, token, timeoutMs };
    }
    case 'http':
      return { kind: 'http', ...toMapping(store) };
  }
}

function toAfterWrite({
  cdn: { timeout: timeoutMs, body: own, ...rest },
}: NonNullable<StoreFile['afterWrite']>): AfterWrite {
  return { ...rest, timeoutMs, body: own ?? { paths: ['{path}'], reference: '{reference}' } };
}

function toMapping(store: HttpStoreFile): HttpMapping {
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
