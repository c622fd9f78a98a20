/**
 * Finds the programs that the demo, the tests and `holdpoint dev` start: environment variable, PATH, project cache,
 * pinned download with a checked hash, and last a message that says what to install. Needs no installed package.
 */
import { access, constants, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFolderLock } from './folder-lock.mjs';
import { runQuiet } from './run-quiet.mjs';
import { everydayTools, isOlder, refusalText, tools } from './tool-list.mjs';
import { routes } from './tool-routes.mjs';

/** @typedef {import('./find-tools.d.mts').ToolName} ToolName */
/** @typedef {import('./find-tools.d.mts').FoundTool} FoundTool */

export class ToolNotFoundError extends Error {
  name = 'ToolNotFoundError';
}

const defaultCache = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'tools');

/** @param {readonly ToolName[]} names @param {import('./find-tools.d.mts').FindOptions} [options] @returns {Promise<FoundTool[]>} */
export async function findTools(names, options = {}) {
  const found = [];
  for (const name of names) found.push(await findTool(name, options));
  return found;
}

/** @param {ToolName} name @param {import('./find-tools.d.mts').FindOptions} [options] @returns {Promise<FoundTool>} */
export async function findTool(name, options = {}) {
  const env = options.env ?? process.env;
  const cacheDir = options.cacheDir ?? (env.HOLDPOINT_CACHE || defaultCache);
  const onProgress = options.onProgress ?? (() => undefined);
  const named = await fromEnvironment(name, env);
  if (named !== null) return named;
  const tried = [`${tools[name].variable} is not set`];
  const near = (await fromPath(name, env, tried)) ?? (await fromCache(name, cacheDir));
  return near ?? fetchTool(name, { cacheDir, env, onProgress, tried });
}

async function fetchTool(name, { cacheDir, env, onProgress, tried }) {
  const { package: folder } = tools[name];
  const fetching = async () => {
    // Another process may have fetched it while this one waited.
    const meanwhile = await fromCache(name, cacheDir);
    if (meanwhile !== null) return meanwhile;
    for (const route of routes[folder]) {
      const problem = await route({ cacheDir, env, onProgress });
      const fetched = problem === null ? await fromCache(name, cacheDir) : null;
      if (fetched !== null) return { ...fetched, from: 'download' };
      tried.push(problem ?? `what was fetched is older than ${tools[name].minimum?.join('.')}`);
    }
    return null;
  };
  const found = await mkdir(cacheDir, { recursive: true })
    .then(() => withFolderLock(join(cacheDir, `${folder}.lock`), onProgress, fetching))
    .catch((error) => {
      tried.push(`the cache ${cacheDir} cannot be used: ${error.message}; set HOLDPOINT_CACHE to a folder that can`);
      return null;
    });
  if (found === null) throw new ToolNotFoundError(refusalText(name, tried));
  return found;
}

async function fromEnvironment(name, env) {
  const { variable, minimum } = tools[name];
  const path = env[variable];
  if (path === undefined || path === '') return null;
  const { version, trouble } = await probe(name, path);
  const wrong =
    trouble ?? (isOlder(version, minimum) ? `is ${version}; ${minimum.join('.')} or newer is needed` : null);
  if (wrong === null) return { name, path, version, from: 'environment' };
  throw new ToolNotFoundError(
    `${variable} names ${path}, which ${wrong}.\nCorrect it, or unset it to have ${name} looked for and fetched.`,
  );
}

/** Goes on past what is too old or does not run. */
async function fromPath(name, env, tried) {
  const { minimum } = tools[name];
  const before = tried.length;
  for (const folder of new Set((env.PATH ?? '').split(delimiter).filter(Boolean))) {
    const path = join(folder, name);
    if (!(await isExecutable(path))) continue;
    const { version, trouble } = await probe(name, path);
    if (trouble === null && !isOlder(version, minimum)) return { name, path, version, from: 'path' };
    tried.push(`${path} ${trouble ?? `is ${version}; ${minimum.join('.')} or newer is needed`}`);
  }
  if (tried.length === before) tried.push(`no ${name} on PATH`);
  return null;
}

/** Newest first. What is there was checked when it was fetched. */
async function fromCache(name, cacheDir) {
  const { package: folder, minimum } = tools[name];
  const versions = await readdir(join(cacheDir, folder)).catch(() => []);
  for (const version of versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))) {
    const path = join(cacheDir, folder, version, name);
    const old = /^\d/.test(version) && isOlder(version, minimum);
    if (!old && (await isExecutable(path))) return { name, path, version, from: 'cache' };
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

/** `trouble` completes a sentence that begins with the path. */
async function probe(name, path) {
  if (!(await isExecutable(path))) {
    const there = await realpath(path).then(
      () => true,
      () => false,
    );
    return { version: '', trouble: there ? 'is no executable file' : 'does not exist' };
  }
  if (tools[name].minimum === null) return { version: 'unknown', trouble: null };
  const { code, output, why } = await runQuiet(path, ['--version'], { timeoutMs: 10_000 });
  const version = /(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
  if (code === 0 && version !== undefined) return { version, trouble: null };
  return {
    version: '',
    trouble: `does not run as ${name} (--version: ${code === 0 ? 'no version in its answer' : why})`,
  };
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(tools, name));
  if (unknown.length > 0)
    throw new ToolNotFoundError(`Unknown tool ${unknown.join(', ')}; known are ${Object.keys(tools).join(', ')}.`);
  for (const name of names) {
    const found = await findTool(name, { onProgress: (line) => console.error(line) });
    console.log(`${found.name}\t${found.version}\t${found.from}\t${found.path}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.length > 2 ? process.argv.slice(2) : everydayTools).catch((error) => {
    console.error(error instanceof ToolNotFoundError ? error.message : error);
    process.exitCode = 1;
  });
}
