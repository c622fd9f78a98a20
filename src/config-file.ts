/** What `holdpoint.config.yaml` may say. Secrets are filled in while it is read, so that a missing one has a line. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { isWebhookSecret, webhookSecretForm } from './adapters/announce/webhook-secret.js';
import { defaultTaskQueue } from './core/names.js';
import { durationField } from './duration-field.js';
import { fillEnvironment, sayMissing, type Environment } from './fill-environment.js';

export interface ConfigFileContext {
  readonly env: Environment;
  /** Folder of the file: paths in it are relative to that. */
  readonly folder: string;
}

/** A text that is right when `isRight` says so. `wanted` tells the reader what is, with an example; the text stays unsaid if secret. */
interface TextRule {
  readonly isRight: (text: string) => boolean;
  readonly wanted: string;
  readonly secret?: boolean;
}

function textField(env: Environment, { isRight, wanted, secret = false }: TextRule) {
  return z.string().transform((text, context) => {
    const filled = fillEnvironment(text, env);
    const found = secret || filled.secrets.length > 0 ? 'what is given' : `"${filled.text}"`;
    const message =
      filled.missing.length > 0
        ? sayMissing(filled.missing)
        : isRight(filled.text)
          ? null
          : `${found} is not right; write ${wanted}`;
    if (message === null) return filled.text;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

const isAddress = (text: string): boolean => {
  const [, port] = /^[^\s/:@]+:(\d{1,5})$|^\[[0-9a-fA-F:]+\]:(\d{1,5})$/.exec(text)?.filter(Boolean) ?? [];
  return port !== undefined && Number(port) <= 65_535;
};

const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
};

const notBuilt = (message: string) =>
  z.custom<undefined>((value) => value === undefined, { error: message }).optional();

function identity() {
  return z
    .string()
    .default('claimed')
    .transform((text, context): 'claimed' => {
      if (text === 'claimed') return text;
      const found = text === 'verified' ? '"verified" is not built yet' : `"${text}" is unknown`;
      context.addIssue({ code: 'custom', message: `${found}; write identity: claimed, or leave it out` });
      return z.NEVER;
    });
}

export function configFileSchema({ env, folder }: ConfigFileContext) {
  const isSomething = (text: string): boolean => text.trim() !== '';
  const name = textField(env, { isRight: isSomething, wanted: 'a name, such as default' });
  const secret = textField(env, { isRight: isSomething, wanted: 'a secret by name, such as ${TOKEN}', secret: true });
  const path = textField(env, {
    isRight: isSomething,
    wanted: 'a path, absolute or relative to this file, such as ./flags.json',
  }).transform((text) => resolve(folder, text));
  const address = textField(env, { isRight: isAddress, wanted: 'host:port, such as 127.0.0.1:7233' });
  const url = textField(env, {
    isRight: isHttpUrl,
    wanted: 'an http or https address without credentials, such as http://127.0.0.1:9090',
  });
  const signingSecret = textField(env, { isRight: isWebhookSecret, wanted: webhookSecretForm, secret: true });
  const byId = <T extends z.ZodType>(thing: T) => z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), thing);
  return z.strictObject({
    apiVersion: z.literal('holdpoint/v1').optional(),
    kind: z.literal('Config').optional(),
    temporal: z
      .strictObject({
        address: address.optional(),
        namespace: name.optional(),
        taskQueue: name.default(defaultTaskQueue),
        profile: name.optional(),
        apiKey: secret.optional(),
        tls: z
          .strictObject({
            serverName: name.optional(),
            caFile: path.optional(),
            certFile: path.optional(),
            keyFile: path.optional(),
          })
          .optional(),
      })
      .refine((temporal) => temporal.profile !== undefined || temporal.address !== undefined, {
        error: 'needs an address, such as address: 127.0.0.1:7233, or a profile of the Temporal client configuration',
        when: () => true,
      }),
    flagStores: byId(z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('file'), path })])),
    metrics: prometheus({ url, name, secret }),
    smoke: byId(path).default({}),
    channels: byId(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('console') }),
        z.strictObject({ kind: z.literal('webhook'), url, secret: signingSecret }),
      ]),
    ).default({}),
    archive: z.strictObject({ kind: z.literal('directory'), path }),
    identity: identity(),
    people: notBuilt('a directory of people is not built yet; leave people out, names are believed as claimed'),
    worker: z
      .strictObject({
        guardSlots: z.int().min(1).max(10_000).default(200),
        metricsAddress: address.optional(),
        sdkMetricsAddress: address.optional(),
      })
      .default({ guardSlots: 200 }),
  });
}

function prometheus<T extends z.ZodType>({ url, name, secret }: Record<'url' | 'name' | 'secret', T>) {
  return z
    .strictObject({
      kind: z.literal('prometheus'),
      url,
      timeout: durationField({ leastMs: 100, mostMs: 30_000 }).default(4_000),
      staleAfter: durationField({ leastMs: 1_000, mostMs: 3_600_000 }).default(90_000),
      bearerToken: secret.optional(),
      basicAuth: z.strictObject({ username: name, password: secret }).optional(),
    })
    .refine(({ bearerToken, basicAuth }) => bearerToken === undefined || basicAuth === undefined, {
      error: 'has both bearerToken and basicAuth; keep one of them',
      when: () => true,
    });
}
