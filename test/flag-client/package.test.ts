/** What an application installs: the built files, as the package gives them out. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { documentOf } from '../support/a-flag-document.js';
import { tempFolder } from '../support/temp-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = (name: string): string => readFileSync(join(root, 'dist', 'flag-client', name), 'utf8');

it.each(['browser.js', 'flags.script.js'])('%s has at most 3.0 KiB gzipped', (name) => {
  expect(gzipSync(built(name), { level: 9 }).length).toBeLessThanOrEqual(3 * 1_024);
});

it.each(['browser.js', 'flags.script.js', 'metrics.js', 'node.js', 'openfeature-server.js', 'openfeature-web.js'])(
  '%s imports nothing',
  (name) => {
    expect(built(name)).not.toMatch(/\bimport\b|\brequire\b/);
  },
);

it.each(['node', 'browser'])('is found by the %s condition, and answers', async (condition) => {
  const script = `
    const { createFlags } = await import('holdpoint/flags');
    const flags = createFlags({ document: ${documentOf({ f: { percent: 100 } })} });
    console.log(flags.get('f', false), import.meta.resolve('holdpoint/flags').endsWith('${condition}.js'));`;
  const args = [...(condition === 'browser' ? ['--conditions=browser'] : []), '--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe('true true\n');
});

it.each(['server', 'web'])('the OpenFeature provider for the %s SDK is found, and answers in it', (sdk) => {
  const script = `
    const { OpenFeature } = await import('@openfeature/${sdk}-sdk');
    const { createHoldpointProvider } = await import('holdpoint/openfeature/${sdk}');
    await OpenFeature.setProviderAndWait(createHoldpointProvider({ document: ${documentOf({ f: { percent: 100 } })} }));
    console.log(await OpenFeature.getClient().getBooleanValue('f', false));`;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe('true\n');
});

it('holdpoint/metrics is found, and tells', () => {
  const script = `
    const { createFlags } = await import('holdpoint/flags');
    const { metricLabels, tellExposures } = await import('holdpoint/metrics');
    const document = ${documentOf({ f: { percent: 100 } })};
    const flags = tellExposures(createFlags({ document }), (exposure) => console.log(JSON.stringify(exposure)));
    flags.get('f', false);
    console.log(metricLabels({ env: 'e', service: 's', endpoints: ['/a/:b'] }).endpointOf('/a/1'));`;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe(
    '{"flag":"f","variant":"on"}\n/a/:b\n',
  );
});

it('holdpoint/flag-server is found, answers its own paths, and brings a page its document', async () => {
  const path = join(await tempFolder(), 'flags.json');
  const text = documentOf({ f: { percent: 100 } });
  await writeFile(path, text);
  const script = `
    const { openFlagApp } = await import('holdpoint/flag-server');
    const app = openFlagApp({ file: ${JSON.stringify(path)}, token: null, cors: [], onProblem: console.error });
    await app.ready;
    console.log(app.handle({ url: '/elsewhere' }, {}), app.document().text);
    app.close();`;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe(`false ${text}\n`);
});

it('following a file keeps no process alive', async () => {
  const path = join(await tempFolder(), 'flags.json');
  await writeFile(path, documentOf({ f: { percent: 100 } }));
  const script = `
    const { createFlags } = await import('holdpoint/flags');
    const flags = createFlags({ file: ${JSON.stringify(path)} });
    await flags.ready;
    console.log(flags.get('f', false));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(out).toBe('true\n');
});

it('as a script tag puts its names on the page, and takes the flag from the tag', async () => {
  const page = createContext({
    document: { currentScript: { dataset: { flag: 'f', user: 'dana' } }, getElementById: () => null },
    __FLAGS__: JSON.parse(documentOf({ f: { percent: 100 } })) as object,
    fetch: () => Promise.reject(new Error('offline')),
    AbortController,
    setTimeout: () => 0,
    clearTimeout: () => {},
    console,
  });
  runInContext(built('flags.script.js'), page);
  expect(runInContext('[isUserInRollout(), getFlag("f"), FLAGS.f, typeof onFlagsLoaded]', page)).toEqual([
    true,
    true,
    true,
    'function',
  ]);
});
