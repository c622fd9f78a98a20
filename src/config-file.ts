/** What `holdpoint.config.yaml` may say. Secrets are filled in while it is read, so that a missing one has a line. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { notBuilt } from './documents/not-built.js';
import { isWebhookSecret, webhookSecretForm } from './adapters/announce/webhook-secret.js';
import { isAddress, isHttpUrl, isMailServer, isSomething, likeThis, mappingOr, textField } from './config-fields.js';
import { flagStoreSchema } from './config-stores.js';
import { audiences } from './core/audience.js';
import { defaultTaskQueue } from './core/names.js';
import { durationField } from './duration-field.js';
import type { Environment } from './fill-environment.js';

export interface ConfigFileContext {
  readonly env: Environment;
  /** Folder of the file: paths in it are relative to that. */
  readonly folder: string;
}

function fieldsFor({ env, folder }: ConfigFileContext) {
  return {
    name: textField(env, { isRight: isSomething, wanted: 'a name, such as default' }),
    secret: textField(env, { isRight: isSomething, wanted: 'a secret by name, such as ${TOKEN}', secret: true }),
    path: textField(env, {
      isRight: (text) => isSomething(text) && !text.startsWith('~'),
      wanted: 'a path, absolute or relative to this file (~ means nothing here), such as ./flags.json',
    }).transform((text) => resolve(folder, text)),
    address: textField(env, { isRight: isAddress, wanted: 'host:port, such as 127.0.0.1:7233' }),
    url: textField(env, {
      isRight: isHttpUrl,
      wanted: 'an http or https address without credentials, such as http://127.0.0.1:9090',
    }),
    // What the server takes: it joins the two with a dot or a colon.
    deploymentName: textField(env, {
      isRight: (text) => /^[\w-]{1,200}$/.test(text),
      wanted: 'letters, digits, "_" and "-", such as holdpoint',
    }),
    buildId: textField(env, {
      isRight: (text) => /^[\w.+-]{1,200}$/.test(text),
      wanted: 'what names this build and no other, such as 0.1.0-4f2c9e1',
    }),
    room: textField(env, {
      isRight: (text) => /^[CGD][A-Z0-9]{5,20}$/.test(text),
      wanted: 'Slack’s id of the room, such as C0123456789: the last line of the room’s details',
    }),
    mailServer: textField(env, {
      isRight: isMailServer,
      wanted: 'smtp://host:587 or smtps://host:465, without credentials',
    }),
    mailAddress: textField(env, {
      isRight: (text) => /^(?:[^<>\r\n,;]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/.test(text),
      wanted: 'one address, such as holdpoint@example.org or Holdpoint <holdpoint@example.org>',
    }),
    signingSecret: textField(env, { isRight: isWebhookSecret, wanted: webhookSecretForm, secret: true }),
  };
}

type Fields = ReturnType<typeof fieldsFor>;

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
  error: 'write letters, digits, "." "_" and "-", beginning with a letter or digit, such as local',
});

export function configFileSchema(context: ConfigFileContext) {
  const fields = fieldsFor(context);
  const { path, address } = fields;
  return z.strictObject({
    apiVersion: z.literal('holdpoint/v1').optional(),
    kind: z.literal('Config').optional(),
    temporal: temporal(fields),
    flagStores: z.record(
      id,
      flagStoreSchema({ ...fields, env: context.env }),
      likeThis('{ local: { kind: file, path: flags.json } }'),
    ),
    metrics: prometheus(fields),
    smoke: z.record(id, path, likeThis('{ reporting: ops/smoke/reporting.yaml }')).default({}),
    channels: channels(fields),
    archive: z.strictObject({ kind: z.literal('directory'), path }, likeThis('{ kind: directory, path: packs }')),
    identity: identity(),
    people: notBuilt('a directory of people is not built yet; leave people out, names are believed as claimed'),
    worker: z
      .strictObject(
        {
          guardSlots: z.int().min(1).max(10_000).default(200),
          review: reviewTerms().default({ deadline: 86_400_000, remindEvery: 28_800_000 }),
          deployment: deployment(fields).optional(),
          metricsAddress: address.optional(),
          sdkMetricsAddress: address.optional(),
        },
        likeThis('{ guardSlots: 200 }'),
      )
      .default({ guardSlots: 200, review: { deadline: 86_400_000, remindEvery: 28_800_000 } }),
  });
}

function temporal({ name, secret, path, address }: Fields) {
  const tls = z.strictObject(
    {
      serverName: name.optional(),
      caFile: path.optional(),
      certFile: path.optional(),
      keyFile: path.optional(),
    },
    likeThis('{ caFile: ca.pem }, or {} for the system’s own authorities'),
  );
  return z
    .strictObject(
      {
        address: address.optional(),
        namespace: name.optional(),
        taskQueue: name.default(defaultTaskQueue),
        profile: name.optional(),
        apiKey: secret.optional(),
        tls: tls.optional(),
      },
      likeThis('{ address: "127.0.0.1:7233" }'),
    )
    .refine((given) => 'profile' in mappingOr(given) || 'address' in mappingOr(given), {
      error: 'needs an address, such as address: 127.0.0.1:7233, or a profile of the Temporal client configuration',
      when: ({ value }) => typeof value === 'object' && value !== null,
    });
}

/** Which version of the code a worker is, for Temporal's worker versioning; left out, it is not versioned. */
function deployment({ deploymentName, buildId }: Fields) {
  return z.strictObject(
    { name: deploymentName, buildId },
    likeThis('{ name: holdpoint, buildId: "${HOLDPOINT_BUILD_ID}" }'),
  );
}

function prometheus({ name, secret, url }: Fields) {
  return z
    .strictObject(
      {
        kind: z.literal('prometheus'),
        url,
        timeout: durationField({ leastMs: 100, mostMs: 30_000 }).default(4_000),
        staleAfter: durationField({ leastMs: 1_000, mostMs: 3_600_000 }).default(90_000),
        bearerToken: secret.optional(),
        basicAuth: z
          .strictObject(
            { username: name, password: secret },
            likeThis('{ username: holdpoint, password: "${PASSWORD}" }'),
          )
          .optional(),
      },
      likeThis('{ kind: prometheus, url: "http://127.0.0.1:9090" }'),
    )
    .refine((given) => !('bearerToken' in mappingOr(given) && 'basicAuth' in mappingOr(given)), {
      error: 'has both bearerToken and basicAuth; keep one of them',
      when: ({ value }) => typeof value === 'object' && value !== null,
    });
}

function channels(fields: Fields) {
  const { url, signingSecret } = fields;
  const audience = z.enum(audiences).default('staff');
  const channel = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('console'), audience: z.literal('staff').default('staff') }),
    z.strictObject({ kind: z.literal('webhook'), url, secret: signingSecret, audience }),
    z.strictObject({
      kind: z.literal('slack'),
      token: fields.secret,
      room: fields.room,
      url: url.default('https://slack.com/api').transform((text) => text.replace(/\/+$/, '')),
      audience,
    }),
    email(fields).extend({ audience }),
  ]);
  return z.record(id, channel, likeThis('{ release-room: { kind: console } }')).default({});
}

function email({ name, secret, mailServer, mailAddress }: Fields) {
  return z.strictObject({
    kind: z.literal('email'),
    server: mailServer,
    plaintext: z.boolean().default(false),
    login: z
      .strictObject({ username: name, password: secret }, likeThis('{ username: holdpoint, password: "${PASSWORD}" }'))
      .optional(),
    from: mailAddress,
    to: z.array(mailAddress).min(1).max(100),
  });
}

/** A review that nobody gives asks for ever: seldom enough that its history can bear it. */
function reviewTerms() {
  return z.strictObject(
    {
      deadline: durationField({ leastMs: 60_000, mostMs: 30 * 86_400_000 }).default(86_400_000),
      remindEvery: durationField({ leastMs: 3_600_000, mostMs: 7 * 86_400_000 }).default(28_800_000),
    },
    likeThis('{ deadline: 24h, remindEvery: 8h }'),
  );
}

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
