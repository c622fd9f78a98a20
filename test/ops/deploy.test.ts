/** What deploys Holdpoint, held against the schemas of who reads it and against Holdpoint's own files. None of it was run. */
import { execFile } from 'node:child_process';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { findTool } from '#tools/find-tools.mjs';
import { loadConfig } from '../../src/config.js';
import { docRoot } from '../support/doc-pages.js';
import { tempFolder } from '../support/temp-folder.js';

const run = promisify(execFile);
const read = (path: string): Promise<string> => readFile(join(docRoot, path), 'utf8');
const { version } = JSON.parse(await read('package.json')) as { version: string };
const heapLimit = '--max-old-space-size=600 --max-semi-space-size=8';
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

const problemsOf = (validate: ValidateFunction, value: unknown): string[] =>
  validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Pods {
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [
          { readonly env: readonly { name: string; value?: string }[]; readonly ports: readonly object[] },
        ];
      };
    };
  };
}

const manifests = (await readdir(join(docRoot, 'ops/kubernetes'))).sort();
const resources = (
  await Promise.all(
    manifests.map(async (file) =>
      parseAllDocuments(await read(`ops/kubernetes/${file}`)).map((one) => one.toJS() as Resource),
    ),
  )
).flat();
const resource = <T>(kind: string): T => resources.find((one) => one.kind === kind) as T;

describe('ops/kubernetes', async () => {
  const { kinds, $defs } = JSON.parse(await read('test/support/schemas/kubernetes.json')) as {
    kinds: Readonly<Record<string, object>>;
    $defs: object;
  };
  const validateOf = (kind: string): ValidateFunction => ajv.compile({ ...kinds[kind], $defs });

  it.each(resources.map((one) => ({ name: `${one.kind} ${one.metadata.name}`, one })))('$name', ({ one }) => {
    expect(Object.keys(kinds)).toContain(one.kind);
    expect(problemsOf(validateOf(one.kind), one)).toEqual([]);
    if (one.kind !== 'Namespace') expect(one.metadata.namespace).toBe('holdpoint');
  });

  it('a key that Kubernetes does not know, and a value of the wrong type, are noticed', () => {
    const deployment = resource<Pods>('Deployment');
    const wrong = structuredClone(deployment) as unknown as {
      spec: { replicas: unknown; template: { spec: { gracePeriod?: number } } };
    };
    wrong.spec.replicas = 'two';
    wrong.spec.template.spec.gracePeriod = 30;
    expect(problemsOf(validateOf('Deployment'), wrong)).toEqual([
      expect.stringContaining('/spec/replicas must be integer'),
      expect.stringContaining('/spec/template/spec must NOT have additional properties'),
    ]);
  });

  it('the budget and the selector mean the pods of this version, and the build is told apart by it', () => {
    const { spec } = resource<Pods>('Deployment');
    const budget = resource<Pods>('PodDisruptionBudget');
    expect(spec.template.metadata.labels).toEqual({
      'app.kubernetes.io/name': 'holdpoint',
      'app.kubernetes.io/version': version,
    });
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(budget.spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    const [{ env }] = spec.template.spec.containers;
    expect(env.find(({ name }) => name === 'HOLDPOINT_BUILD_ID')?.value).toBe(version);
    expect(env.find(({ name }) => name === 'NODE_OPTIONS')?.value).toBe(heapLimit);
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(10);
  });

  it('the configuration is one, and every name in it is set in the pods', async () => {
    const { data } = resource<{ data: Readonly<Record<string, string>> }>('ConfigMap');
    const path = join(await tempFolder(), 'holdpoint.config.yaml');
    await writeFile(path, data['holdpoint.config.yaml'] ?? '');
    const [{ env }] = resource<Pods>('Deployment').spec.template.spec.containers;
    const loaded = await loadConfig(path, Object.fromEntries(env.map(({ name, value = 'secret' }) => [name, value])));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.config.worker.deployment).toEqual({ name: 'holdpoint', buildId: version });
    expect(JSON.stringify(resources)).not.toMatch(/kind":"Secret"/);
  });
});

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly volumes?: readonly string[];
        readonly image?: string;
        readonly ports?: readonly string[];
        readonly command?: readonly string[];
        readonly healthcheck?: { readonly test: readonly string[] };
      }
    >
  >;
}

describe('ops/compose.yaml', async () => {
  const compose = parse(await read('ops/compose.yaml')) as Compose;
  const services = Object.entries(compose.services);

  it('is what the Compose Specification allows, and what it does not allow is noticed', async () => {
    const { $schema: _, ...schema } = JSON.parse(await read('test/support/schemas/compose-spec.json')) as Record<
      string,
      unknown
    >;
    const validate = ajv.compile(schema);
    expect(problemsOf(validate, compose)).toEqual([]);
    expect(problemsOf(validate, { services: { a: { image: 'x', port: [1] } } })).toEqual([
      expect.stringContaining('/services/a must NOT have additional properties'),
    ]);
  });

  it('mounts files that are there, listens on this machine only, and pins every image', async () => {
    for (const [name, { volumes = [], ports = [], image = '' }] of services) {
      for (const mounted of volumes.filter((volume) => volume.startsWith('./')))
        await access(join(docRoot, 'ops', normalize(mounted.split(':')[0] ?? '')));
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
      expect(image, name).toMatch(/:v?\d+\.\d+/);
    }
  });

  it("its worker's configuration is one", async () => {
    const loaded = await loadConfig(join(docRoot, 'ops/compose/holdpoint.config.yaml'), {});
    expect(loaded).toMatchObject({ ok: true, config: { worker: { metricsAddress: '0.0.0.0:9464' } } });
  });

  it('applications can ask for flags: a server reads the very document that the worker writes, and only reads', async () => {
    const loaded = await loadConfig(join(docRoot, 'ops/compose/holdpoint.config.yaml'), {});
    const { flags, holdpoint } = compose.services;
    const [group, name, ...options] = flags?.command ?? [];
    expect([group, name]).toEqual(['flag', 'serve']);
    const at = (option: string): string => options[options.indexOf(option) + 1] ?? '';
    expect(loaded).toMatchObject({
      ok: true,
      config: { flagStores: { [at('--store')]: { kind: 'file', path: '/var/lib/holdpoint/flags/flags.json' } } },
    });
    expect(at('--host')).toBe('0.0.0.0');
    expect(holdpoint?.volumes).toContain('holdpoint:/var/lib/holdpoint');
    expect(flags?.volumes).toContain('holdpoint:/var/lib/holdpoint:ro');
    expect(flags?.volumes?.[0]).toBe(holdpoint?.volumes?.[0]);
    expect(flags?.image).toBe(holdpoint?.image);
    // The image's own health check asks the worker's port.
    expect(flags?.ports).toEqual(['127.0.0.1:8016:8016']);
    expect(flags?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:8016/healthz');
  });

  it('its Prometheus takes its file, and its scripts are scripts', async () => {
    const { path: promtool } = await findTool('promtool', { onProgress: (line) => console.error(line) });
    await run(promtool, ['check', 'config', '--syntax-only', join(docRoot, 'ops/compose/prometheus.yml')]);
    for (const script of ['setup-temporal.sh', 'setup-namespace.sh'])
      await run('sh', ['-n', join(docRoot, 'ops/compose', script)]);
  });
});

describe('ops/Dockerfile', async () => {
  const text = await read('ops/Dockerfile');
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const of = (instruction: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1).trim()] : []));

  it('copies what there is, out of what is not ignored', async () => {
    const ignored = (await read('ops/Dockerfile.dockerignore')).trim().split('\n');
    for (const copy of of('COPY').filter((one) => !one.startsWith('--from'))) {
      for (const source of copy.split(/ +/).slice(0, -1)) {
        await access(join(docRoot, source));
        expect(ignored).not.toContain(normalize(source));
      }
    }
  });

  it('is glibc, not root, with the heap limit and a health check on the port that is served', () => {
    expect(of('FROM').every((image) => /^node:20\.\d+-bookworm-slim( AS build)?$/.test(image))).toBe(true);
    expect(of('USER')).toEqual(['1000:1000']);
    expect(text).toContain(`NODE_OPTIONS="${heapLimit}"`);
    expect(of('HEALTHCHECK').join()).toContain('http://127.0.0.1:9464/healthz');
  });
});
