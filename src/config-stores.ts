/** The flag stores of a configuration file: a document, Unleash, or somebody's own service behind a mapping. */
import { z } from 'zod';
import type { AfterWrite } from './adapters/flags/after-write.js';
import type { HttpMapping } from './adapters/flags/http/http-mapping.js';
import { likeThis, type TextField } from './config-fields.js';
import { httpStore, mappingRules, storeTimeout, toMapping } from './config-mapping.js';
import { headersOf, pathText, template } from './config-requests.js';
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
      timeout: storeTimeout(),
      afterWrite: afterWrite.optional(),
    }),
    httpStore(fields).extend({ afterWrite: afterWrite.optional() }).superRefine(mappingRules),
  ]);
}

function cdn(fields: StoreFields) {
  return z.strictObject(
    {
      url: fields.url,
      method: z.enum(['POST', 'PUT']).default('POST'),
      path: pathText([]),
      headers: headersOf(fields.env),
      body: template(['path', 'reference', 'key']).optional(),
      timeout: durationField({ leastMs: 100, mostMs: 30_000 }).default(5_000),
    },
    likeThis('{ url: "https://cdn.example.com/purge", path: /flags.json }'),
  );
}

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
