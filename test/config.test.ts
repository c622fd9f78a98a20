/** The configuration file: every problem at once, each at its place with an example, and no secret in any message. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.js';
import { configFileSchema } from '../src/config-file.js';
import { checkDocument } from '../src/documents/check-document.js';
import { renderProblem } from '../src/documents/problem.js';
import type { Environment } from '../src/fill-environment.js';
import { tempFolder } from './support/temp-folder.js';

const least = {
  temporal: 'temporal: { address: 127.0.0.1:7233 }',
  flagStores: 'flagStores: { local: { kind: file, path: flags.json } }',
  metrics: 'metrics: { kind: prometheus, url: "http://127.0.0.1:9090" }',
  archive: 'archive: { kind: directory, path: packs }',
};
/** The least file that is right, with lines replaced or added, one line a key. */
const fileWith = (over: Readonly<Record<string, string>> = {}) =>
  `${Object.values({ ...least, ...over }).join('\n')}\n`;

async function load(text: string, env: Environment = {}) {
  const folder = await tempFolder();
  const file = join(folder, 'holdpoint.config.yaml');
  await writeFile(file, text);
  return { folder, file, loaded: await loadConfig(file, env) };
}

/** Without the file's name. */
async function problemsOf(text: string, env: Environment = {}): Promise<string[]> {
  const { loaded, file } = await load(text, env);
  return loaded.ok ? [] : loaded.problems.map((problem) => renderProblem(problem).replace(`${file}:`, ''));
}

describe('a right configuration', () => {
  it('has defaults for what is left out, and absolute paths', async () => {
    const { loaded, folder, file } = await load(fileWith());
    expect(loaded).toEqual({
      ok: true,
      config: {
        file,
        temporal: {
          address: '127.0.0.1:7233',
          namespace: null,
          taskQueue: 'holdpoint',
          profile: null,
          apiKey: null,
          tls: null,
        },
        flagStores: { local: { kind: 'file', path: join(folder, 'flags.json') } },
        metrics: {
          kind: 'prometheus',
          url: 'http://127.0.0.1:9090',
          timeoutMs: 4_000,
          staleAfterMs: 90_000,
          credentials: null,
        },
        smoke: {},
        channels: {},
        archive: { kind: 'directory', path: join(folder, 'packs') },
        identity: 'claimed',
        worker: {
          guardSlots: 200,
          review: { deadlineMs: 86_400_000, remindEveryMs: 28_800_000 },
          metricsAddress: null,
          sdkMetricsAddress: null,
          deployment: null,
        },
      },
    });
  });

  it('has everything it says, secrets filled in', async () => {
    const signing = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const text = [
      'apiVersion: holdpoint/v1',
      'kind: Config',
      'temporal:',
      '  address: temporal.example.com:7233',
      '  namespace: releases',
      '  taskQueue: holdpoint-eu',
      '  apiKey: ${API_KEY}',
      '  tls: { serverName: temporal.example.com, caFile: ../ca.pem, certFile: /etc/tls/c.pem, keyFile: ./k.pem }',
      'flagStores: { local: { kind: file, path: "${FLAGS}/flags.json" } }',
      'metrics: { kind: prometheus, url: "https://metrics.example.com/p", timeout: 500ms, staleAfter: 2m, basicAuth: { username: holdpoint, password: "${PASSWORD}" } }',
      'smoke: { reporting: smoke/reporting.yaml }',
      'channels:',
      '  terminal: { kind: console }',
      '  room: { kind: webhook, url: "https://chat.example.com/hook/${HOOK}", secret: "${SIGNING}" }',
      'archive: { kind: directory, path: /var/lib/packs }',
      'identity: claimed',
      'worker: { guardSlots: 5, metricsAddress: "[::1]:9464", sdkMetricsAddress: 0.0.0.0:9465, deployment: { name: holdpoint, buildId: "${BUILD}" } }',
    ].join('\n');
    const env = {
      API_KEY: 'key',
      FLAGS: '/srv',
      PASSWORD: 'pass',
      HOOK: 'h00k',
      SIGNING: signing,
      BUILD: '0.1.0-4f2c9e1',
    };
    const { loaded, folder } = await load(text, env);
    expect(loaded).toMatchObject({
      config: {
        temporal: {
          apiKey: 'key',
          namespace: 'releases',
          taskQueue: 'holdpoint-eu',
          tls: {
            serverName: 'temporal.example.com',
            caFile: join(folder, '..', 'ca.pem'),
            certFile: '/etc/tls/c.pem',
            keyFile: join(folder, 'k.pem'),
          },
        },
        flagStores: { local: { path: '/srv/flags.json' } },
        metrics: {
          timeoutMs: 500,
          staleAfterMs: 120_000,
          credentials: { kind: 'basic', username: 'holdpoint', password: 'pass' },
        },
        smoke: { reporting: join(folder, 'smoke', 'reporting.yaml') },
        channels: {
          terminal: { kind: 'console', audience: 'staff' },
          room: { kind: 'webhook', url: 'https://chat.example.com/hook/h00k', secret: signing, audience: 'staff' },
        },
        archive: { path: '/var/lib/packs' },
        worker: {
          guardSlots: 5,
          metricsAddress: '[::1]:9464',
          sdkMetricsAddress: '0.0.0.0:9465',
          deployment: { name: 'holdpoint', buildId: '0.1.0-4f2c9e1' },
        },
      },
    });
  });

  it('may be JSON, name a profile instead of an address, and hold a bearer token', async () => {
    const text = JSON.stringify({
      temporal: { profile: 'production', tls: {} },
      flagStores: {},
      metrics: { kind: 'prometheus', url: 'http://m.example.com', bearerToken: '${TOKEN}' },
      archive: { kind: 'directory', path: 'packs' },
    });
    expect((await load(text, { TOKEN: 't' })).loaded).toMatchObject({
      config: {
        temporal: { address: null, profile: 'production', tls: { caFile: null } },
        metrics: { credentials: { kind: 'bearer', token: 't' } },
      },
    });
  });
});

describe('a wrong configuration', () => {
  it('gets every problem at once, in the order of its lines', async () => {
    const text = [
      'temporl: { address: 127.0.0.1 }',
      'temporal: { adress: x, apiKey: "${KEY}" }',
      'flagStores:',
      '  local: { kind: launchpad, path: flags.json }',
      '  "bad id!": { kind: file, path: a }',
      'metrics: { kind: prometheus, url: 127.0.0.1:9090, timeout: 4, staleAfter: 1ms }',
      'smoke: [reporting]',
      'archive: { kind: directory }',
      'identity: verified',
      'people: people.yaml',
      'worker: { guardSlots: 0, metricsAddress: 127.0.0.1:99999, deployment: { name: hold.point } }',
    ].join('\n');
    const path = 'write a path, absolute or relative to this file (~ means nothing here), such as ./flags.json';
    expect(await problemsOf(text)).toEqual([
      '1:1: unknown key "temporl"; known: apiVersion, kind, temporal, flagStores, metrics, smoke, channels, archive, identity, people, worker. Did you mean "temporal"?',
      '2:1: temporal: needs an address, such as address: 127.0.0.1:7233, or a profile of the Temporal client configuration',
      '2:13: unknown key "adress" in temporal; known: address, namespace, taskQueue, profile, apiKey, tls. Did you mean "address"?',
      '2:32: temporal.apiKey: the environment variable KEY is not set; set it where this process starts, such as: export KEY=…',
      '4:18: flagStores.local.kind: found kind: "launchpad"; allowed: file, unleash, http.',
      '5:3: flagStores.bad id!: found the key "bad id!"; write letters, digits, "." "_" and "-", beginning with a letter or digit, such as local',
      '6:35: metrics.url: "127.0.0.1:9090" is not right; write an http or https address without credentials, such as http://127.0.0.1:9090',
      '6:60: metrics.timeout: found 4; write a duration from 100 ms to 30 s, such as 500ms or 4s',
      '6:75: metrics.staleAfter: found "1ms"; write a duration from 1 s to 1 h, such as 4s or 1m or 10m',
      '7:1: smoke: found a list; write it like this: { reporting: ops/smoke/reporting.yaml }',
      `8:1: archive.path: is missing; ${path}`,
      '9:11: identity: "verified" is not built yet; write identity: claimed, or leave it out',
      '10:9: people: a directory of people is not built yet; leave people out, names are believed as claimed',
      '11:23: worker.guardSlots: found 0; give a number of at least 1',
      '11:42: worker.metricsAddress: "127.0.0.1:99999" is not right; write host:port, such as 127.0.0.1:7233',
      '11:59: worker.deployment.buildId: is missing; write what names this build and no other, such as 0.1.0-4f2c9e1',
      '11:79: worker.deployment.name: "hold.point" is not right; write letters, digits, "_" and "-", such as holdpoint',
    ]);
  });

  it.each<[what: string, over: Record<string, string>, problem: string]>([
    [
      'no mapping where one belongs',
      { temporal: 'temporal: 7' },
      '1:11: temporal: found 7; write it like this: { address: "127.0.0.1:7233" }',
    ],
    [
      'null where something belongs',
      { archive: 'archive: null' },
      '4:10: archive: found null; write it like this: { kind: directory, path: packs }',
    ],
    [
      'a channel of a kind nobody knows',
      { channels: 'channels: { room: { kind: webhok } }' },
      '5:27: channels.room.kind: found kind: "webhok"; allowed: console, webhook, slack, email. Did you mean "webhook"?',
    ],
    [
      'a room by its name',
      { channels: 'channels: { room: { kind: slack, token: t, room: "#general" } }' },
      '5:50: channels.room.room: "#general" is not right; write Slack’s id of the room, such as C0123456789: the last line of the room’s details',
    ],
    [
      'a mail server without a protocol',
      { channels: 'channels: { m: { kind: email, server: "mail:25", from: a@b, to: [a@b] } }' },
      '5:39: channels.m.server: "mail:25" is not right; write smtp://host:587 or smtps://host:465, without credentials',
    ],
    [
      'several addresses in one',
      { channels: 'channels: { m: { kind: email, server: "smtp://m", from: a@b, to: ["a@b, c@d"] } }' },
      '5:67: channels.m.to[0]: what is given is not right; write one address, such as holdpoint@example.org or Holdpoint <holdpoint@example.org>',
    ],
    [
      'an audience nobody knows',
      { channels: 'channels: { h: { kind: slack, token: t, room: C0123456789, audience: customer } }' },
      '5:70: channels.h.audience: found "customer"; allowed: customers, staff. Did you mean "customers"?',
    ],
    [
      'two ways to sign in',
      {
        metrics:
          'metrics: { kind: prometheus, url: http://m, bearerToken: a, basicAuth: { username: a, password: b } }',
      },
      '3:1: metrics: has both bearerToken and basicAuth; keep one of them',
    ],
    [
      'a path in a shell’s spelling',
      { archive: 'archive: { kind: directory, path: ~/packs }' },
      '4:35: archive.path: "~/packs" is not right; write a path, absolute or relative to this file (~ means nothing here), such as ./flags.json',
    ],
    [
      'a placeholder in lower case',
      { metrics: 'metrics: { kind: prometheus, url: http://m, bearerToken: "${token}" }' },
      '3:58: metrics.bearerToken: ${token} is no name of an environment variable; write it as ${NAME}, in upper case',
    ],
    ['a key twice', { extra: 'archive: { kind: directory, path: p }' }, '5:1: this key stands twice; keep one'],
    [
      'broken YAML',
      { extra: 'smoke: { reporting: a.yaml' },
      expect.stringMatching(/^6:1: this is no YAML from here on \(.+\); check the indentation, and put texts with/),
    ],
  ])('with %s says so', async (...[, over, problem]) => {
    expect(await problemsOf(fileWith(over))).toEqual([problem]);
  });

  it.each([
    ['', ['1:1: is empty']],
    ['just text', ['1:1: found "just text"; give a mapping of keys to values']],
    ['[]', ['1:1: found an empty list; give a mapping of keys to values']],
    [`a: ${'x'.repeat(1_100_000)}`, ['1:1: is larger than a megabyte; that is no file of this kind']],
  ])('that is no configuration at all says so: %.20s', async (text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  it('that is not there, or is a folder, is a problem, too', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'folder'));
    const said = async (name: string) => {
      const loaded = await loadConfig(join(folder, name), {});
      return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
    };
    expect(await said('missing.yaml')).toEqual([
      'there is no such file; name another one with --config or HOLDPOINT_CONFIG, or start with: holdpoint dev',
    ]);
    expect(await said('folder')).toEqual([expect.stringMatching(/^this is a folder, not a file; /)]);
  });
});

describe('flag stores', () => {
  const stores = (...lines: string[]) => fileWith({ flagStores: ['flagStores:', ...lines].join('\n') });

  it('of Unleash and of a service behind a mapping have defaults for what is left out', async () => {
    const text = stores(
      '  unleash: { kind: unleash, url: "https://u.example.com", environment: production, token: "${TOKEN}" }',
      '  house:',
      '    kind: http',
      '    url: https://flags.example.com/v2',
      '    headers: { Authorization: "Bearer ${TOKEN}" }',
      '    flag: /flags/{key}',
      '    fields: { percent: /rollout/0/share }',
      '    keys: [a, b]',
      '    write: {}',
      '    afterWrite: { cdn: { url: "https://cdn.example.com/purge", path: /flags.json } }',
    );
    const { loaded } = await load(text, { TOKEN: 'hush' });
    expect(loaded.ok ? loaded.config.flagStores : loaded).toEqual({
      unleash: {
        kind: 'unleash',
        url: 'https://u.example.com',
        project: 'default',
        environment: 'production',
        token: 'hush',
        timeoutMs: 1_500,
      },
      house: {
        kind: 'http',
        url: 'https://flags.example.com/v2',
        headers: { Authorization: 'Bearer hush' },
        timeoutMs: 1_500,
        flag: '/flags/{key}',
        fields: {
          percent: '/rollout/0/share',
          fence: null,
          owner: null,
          safeState: null,
          breakGlass: null,
          by: null,
          reason: null,
        },
        percentAs: 'percent',
        percentStep: 0.001,
        revision: null,
        write: { method: 'PUT', path: '/flags/{key}', body: 'whole', compare: null, conflict: [409, 412] },
        create: null,
        list: { keys: ['a', 'b'] },
        afterWrite: {
          url: 'https://cdn.example.com/purge',
          method: 'POST',
          path: '/flags.json',
          headers: {},
          body: { paths: ['{path}'], reference: '{reference}' },
          timeoutMs: 5_000,
        },
      },
    });
  });

  it('that are wrong are told with their places, every one of them', async () => {
    const text = stores(
      '  u: { kind: unleash, url: "https://u.example.com", tokn: x }',
      '  h:',
      '    kind: http',
      '    url: https://flags.example.com',
      '    flag: flags/{ky}',
      '    fields: { percent: share, fense: /f }',
      '    percentAs: pct',
      '    write: { body: { p: "{percnt}" }, compare: {} }',
      '    create: { path: "/flags/{name}", body: nothing }',
      '    afterWrite: { cdn: { url: "https://c.example.com", path: "/{key}" } }',
    );
    expect(await problemsOf(text)).toEqual([
      '3:3: flagStores.u.environment: is missing; write a name, such as default',
      '3:3: flagStores.u.token: is missing; write a secret by name, such as ${TOKEN}',
      '3:53: unknown key "tokn" in flagStores.u; known: kind, url, project, environment, token, timeout, afterWrite. Did you mean "token"?',
      '7:11: flagStores.h.flag: found "flags/{ky}"; write a path that begins with /, such as /flags/{key}',
      '8:24: flagStores.h.fields.percent: found "share"; write a JSON pointer, such as /rollout/percentage',
      '8:31: unknown key "fense" in flagStores.h.fields; known: percent, fence, owner, safeState, breakGlass, by, reason. Did you mean "fence"?',
      '9:16: flagStores.h.percentAs: found "pct"; allowed: percent, percent-text, ratio, ratio-text',
      '10:14: flagStores.h.write.body: {percnt} stands for nothing; known: {key}, {percent}, {fence}, {owner}, {safeState}, {breakGlass}, {by}, {reason}, {revision}. Did you mean "percent"?',
      '11:21: flagStores.h.create.path: {name} stands for nothing; known: {key}.',
      '11:44: flagStores.h.create.body: found "nothing"; write whole, patch, or a mapping with names such as {percent}',
      '12:62: flagStores.h.afterWrite.cdn.path: {key} stands for nothing; none is known here.',
    ]);
  });

  it('have rules over several keys', async () => {
    const text = stores(
      '  h:',
      '    kind: http',
      '    url: https://flags.example.com',
      '    flag: /flags/{key}',
      '    fields: { percent: /share }',
      '    revision: { header: etag, field: /version }',
      '    write: { compare: { header: if-match, body: true } }',
      '  i: { kind: http, url: "http://i", flag: "/{key}", fields: { percent: /p }, write: { compare: { header: x } }, keys: [a] }',
    );
    expect(await problemsOf(text)).toEqual([
      '3:3: flagStores.h: needs list or keys: which flags there are, such as list: { path: /flags, items: /flags, key: /key }',
      '8:5: flagStores.h.revision: needs one of header and field, such as { header: etag }',
      '9:14: flagStores.h.write.compare: needs one of header and body, such as { header: if-match }',
      '10:87: flagStores.i.write.compare: needs a revision to compare, such as revision: { header: etag }',
    ]);
  });
});

describe('secrets', () => {
  const secret = 'Hunter2Hunter2';

  it.each<[what: string, over: Record<string, string>]>([
    ['credentials in an address', { metrics: `metrics: { kind: prometheus, url: "http://lee:${secret}@m" }` }],
    ['an address from the environment', { metrics: 'metrics: { kind: prometheus, url: "${SECRET}" }' }],
    [
      'a signing secret of the wrong form',
      { channels: `channels: { a: { kind: webhook, url: http://a, secret: ${secret} } }` },
    ],
    [
      'a header of a flag store',
      { flagStores: `flagStores: { h: { kind: http, headers: { authorization: "Bearer ${secret}\\n" } } }` },
    ],
    ['a token that is a number', { flagStores: `flagStores: { u: { kind: unleash, token: [${secret}] } }` }],
    [
      'a password for a mail server',
      { channels: `channels: { m: { kind: email, server: "smtp://lee:${secret}@m" } }` },
    ],
    ['a list of secrets', { temporal: `temporal: { address: "a:1", apiKey: [${secret}] }` }],
    ['broken YAML', { extra: `temporal: a: "${secret}" "${secret}"` }],
    ['a stray brace', { temporal: `temporal: { address: "a:1", apiKey: "\${${secret} x" }` }],
  ])('are in no message: %s', async (...[, over]) => {
    const problems = await problemsOf(fileWith(over), { SECRET: secret });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain(secret);
  });

  it('typed in as a number are not repeated', async () => {
    const metrics = 'metrics: { kind: prometheus, url: http://m, basicAuth: { username: lee, password: 123456789 } }';
    expect(await problemsOf(fileWith({ metrics }))).toEqual([
      '3:83: metrics.basicAuth.password: what is given is no text; write a secret by name, such as ${TOKEN}, in quotes if need be',
    ]);
  });

  it('that are missing are named together, each at its place', async () => {
    const text = fileWith({
      temporal: 'temporal: { address: "a:1", apiKey: "${API_KEY}" }',
      metrics: 'metrics: { kind: prometheus, url: http://m, bearerToken: "${TOKEN}" }',
    });
    const problems = await problemsOf(text, { API_KEY: '' });
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(' is not set')))).toEqual([
      '1:37: temporal.apiKey: the environment variable API_KEY',
      '3:58: metrics.bearerToken: the environment variable TOKEN',
    ]);
  });
});

it('answers whatever is in the file with problems, never with an exception', () => {
  const schema = configFileSchema({ env: {}, folder: '/' });
  const key = fc.constantFrom(
    'temporal',
    'flagStores',
    'metrics',
    'smoke',
    'channels',
    'archive',
    'worker',
    'identity',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.dictionary(key, fc.jsonValue()), (value) => {
      const checked = checkDocument(JSON.stringify(value), 'f', schema);
      if (checked.ok) return;
      expect(checked.problems.length).toBeGreaterThan(0);
      for (const { line, column, message } of checked.problems) {
        expect([line > 0, column > 0, message !== '', message.includes('undefined')]).toEqual([
          true,
          true,
          true,
          false,
        ]);
      }
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(checkDocument(text, 'f', schema).ok).toBe(false);
    }),
  );
});
