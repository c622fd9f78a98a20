/** Fetching a package so that no half of it is ever seen: staged beside its destination, put there by one rename. */
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuiet } from './run-quiet.mjs';

/** @typedef {{cacheDir: string, env: NodeJS.ProcessEnv, onProgress: (line: string) => void}} Route */

const stillMs = 5_000;

/**
 * Everything happens in a folder beside its destination, which it takes by one rename: no half tool is ever seen.
 * `work` fills `<staging>/ready` and answers its version, or throws a `FetchProblem`.
 */
export async function staged({ cacheDir, onProgress }, { name, what }, work) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  // The caller holds the package's lock, so what lies here belongs to nobody any more.
  for (const left of await readdir(cacheDir)) {
    if (left.startsWith(`.${name}-`)) await rm(join(cacheDir, left), { recursive: true, force: true });
  }
  onProgress(`fetching ${what}`);
  const still = setInterval(() => onProgress(`still fetching ${what} (${seconds()})`), stillMs);
  const staging = await mkdtemp(join(cacheDir, `.${name}-`));
  try {
    const version = await work(staging, join(staging, 'ready'));
    await mkdir(join(cacheDir, name), { recursive: true });
    await rm(join(cacheDir, name, version), { recursive: true, force: true });
    await rename(join(staging, 'ready'), join(cacheDir, name, version));
    onProgress(`fetched ${what} in ${seconds()}`);
    return null;
  } catch (error) {
    return `${what}: ${error.message}`;
  } finally {
    clearInterval(still);
    await rm(staging, { recursive: true, force: true });
  }
}

export class FetchProblem extends Error {}

/** Its output, or a `FetchProblem` with its reason. */
export async function run(program, args, options) {
  const { code, output, why } = await runQuiet(program, args, options);
  if (code !== 0) throw new FetchProblem(why);
  return output;
}

/** The one file with that ending. */
export async function only(folder, ending) {
  const found = (await readdir(folder)).filter((file) => file.endsWith(ending));
  if (found.length !== 1) throw new FetchProblem(`it brought ${found.length} files ending in ${ending}, expected one`);
  return join(folder, found[0]);
}

export async function putProgram(from, to) {
  await mkdir(join(to, '..'), { recursive: true });
  await copyFile(from, to).catch((error) => {
    throw new FetchProblem(error.code === 'ENOENT' ? `it holds no ${from.split('/').at(-1)}` : error.message);
  });
  await chmod(to, 0o755);
}
