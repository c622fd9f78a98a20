/** Each line of the doctor against real parts: ready, broken, and hanging. Nothing is changed, nothing is sent. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Config } from '../../src/config.js';
import type { Environment } from '../../src/fill-environment.js';
import { examine } from '../../src/doctor/examine.js';
import type { DoctorLine } from '../../src/doctor/line.js';
import type { PlanAtHand } from '../../src/doctor/place.js';
import { openReach } from '../../src/temporal-reach.js';
import { startWorker, type RunningWorker } from '../../src/worker.js';
import { aCheck, aPlan } from '../support/a-plan.js';
import { openBlackHole } from '../support/black-hole.js';
import { aConfig } from '../support/a-config.js';
import { openDevServer, type DevServer } from '../support/dev-server.js';
import { openFakePrometheus, type FakePrometheus } from '../support/fake-prometheus.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';
import { openReportsService, token, type ReportsService } from '../support/reports-service.js';

const secrets = {
  bearer: 'a-very-secret-token',
  hook: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  path: 's3cr3t',
};

let folder: string;
let server: DevServer;
let prometheus: FakePrometheus;
let room: LocalServer;
let reports: ReportsService;
let ready: Config;
let worker: RunningWorker;

const talk = new Writable({ write: (_, __, done) => done() });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-doctor-'));
  [server, prometheus, room, reports] = await Promise.all([
    openDevServer(),
    openFakePrometheus(0.999),
    openLocalServer((response) => response.end()),
    openReportsService(),
  ]);
  await writeFile(join(folder, 'suite.yaml'), suiteText);
  await writeFile(join(folder, 'flags.json'), JSON.stringify({ flags: { theirs: other } }));
  const standard = aConfig({ folder, address: server.address, url: prometheus.url });
  ready = {
    ...standard,
    temporal: { ...standard.temporal, taskQueue: "holdpoint's" },
    metrics: { ...standard.metrics, timeoutMs: 4_000, credentials: { kind: 'bearer', token: secrets.bearer } },
    smoke: { reporting: join(folder, 'suite.yaml') },
    channels: {
      room: { kind: 'webhook', url: `${room.url}/hooks/${secrets.path}`, secret: secrets.hook, audience: 'staff' },
      here: { kind: 'console', audience: 'staff' },
    },
    worker: { ...standard.worker, metricsAddress: null },
  };
});

afterAll(async () => {
  await worker?.stop();
  await Promise.all([server?.stop(), prometheus?.close(), room?.close(), reports?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const suiteText = `
apiVersion: holdpoint/v1
kind: SmokeSuite
name: reporting
baseUrl: \${REPORTS_URL}
steps:
  - { id: health, request: { method: GET, path: /health }, expect: { status: 200 } }
`;

const other = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on', targeting: {} };

interface Looking {
  readonly config?: Partial<Config>;
  readonly env?: Environment;
  readonly plan?: PlanAtHand;
  readonly smoke?: boolean;
}

async function look({ config = {}, env, plan, smoke = false }: Looking = {}): Promise<DoctorLine[]> {
  const lines = await examine(
    { ...ready, ...config },
    { env: env ?? { REPORTS_URL: reports.url, REPORTS_TOKEN: token }, talk, plan: plan ?? null, smoke },
  );
  for (const secret of Object.values(secrets)) expect(JSON.stringify(lines)).not.toContain(secret);
  return lines;
}

const about = (lines: readonly DoctorLine[], what: string): string[] =>
  lines.filter((line) => line.about === what).map(({ level, cause, saw }) => `${cause ?? level}: ${saw}`);

const troubles = (lines: readonly DoctorLine[]): string[] =>
  lines.filter(({ level }) => level !== 'ok').map(({ level, about: what }) => `${level} ${what}`);

const metricsAt = (url: string): Partial<Config> => ({ metrics: { ...ready.metrics, url } });
const temporalAt = (address: string): Partial<Config> => ({ temporal: { ...ready.temporal, address } });

const temporalLines = [
  'temporal',
  'clock of temporal',
  'workers',
  "workers on holdpoint's",
  "workers on holdpoint's-checks",
  "workers on holdpoint's-guard",
  'search attributes',
  'orphans',
];

describe('before any worker was started', () => {
  it('nobody polls, and the search attributes are not there; all else is ready', async () => {
    const lines = await look();
    expect(troubles(lines)).toEqual([
      "fail workers on holdpoint's",
      "fail workers on holdpoint's-checks",
      "fail workers on holdpoint's-guard",
      'fail search attributes',
    ]);
    expect(about(lines, "workers on holdpoint's")[0]).toMatch(/^unreachable: nobody polls it/);
    expect(about(lines, 'search attributes')).toEqual([
      'wrong: not registered: RolloutFlag, RolloutEnvironment, RolloutState, RolloutPercent',
    ]);
  });
});

describe('when all is ready', () => {
  beforeAll(async () => {
    worker = await startWorker(ready, { env: {}, talk });
  });

  it('every line is ok, and nothing was changed or sent', async () => {
    const before = await readFile(join(folder, 'flags.json'), 'utf8');
    const { mtimeMs } = await stat(join(folder, 'flags.json'));
    const files = (await readdir(folder, { recursive: true })).toSorted();
    const asked = room.seen.length;
    const lines = await look();
    expect(troubles(lines)).toEqual([]);
    expect(await readFile(join(folder, 'flags.json'), 'utf8')).toBe(before);
    expect((await stat(join(folder, 'flags.json'))).mtimeMs).toBe(mtimeMs);
    expect((await readdir(folder, { recursive: true })).toSorted()).toEqual(files);
    expect(room.seen.length).toBe(asked);
    expect(reports.seen).toEqual([]);

    expect(about(lines, 'temporal')[0]).toMatch(
      /^ok: server 1\.\d+\.\d+ at .* answers, namespace default, which keeps closed rollouts for /,
    );
    expect(about(lines, "workers on holdpoint's-guard")[0]).toMatch(
      /^ok: 1 worker \(holdpoint-worker\/\d+@.*last poll /,
    );
    expect(about(lines, 'guard slots')[0]).toContain('0 open rollouts, 10 guard slots');
    expect(about(lines, 'flag store local')).toHaveLength(3);
    expect(about(lines, 'flag store local')[0]).toBe('ok: can be read: 1 flags, 0 of them claimed by Holdpoint');
    expect(about(lines, 'clock of temporal')[0]).toMatch(/^ok: .*agree within/);
    expect(about(lines, 'clock of metrics')[0]).toMatch(/^ok: .*agree within/);
    expect(about(lines, 'smoke suite reporting')).toEqual(['ok: can be run: 1 steps']);
    expect(about(lines, 'orphans')).toEqual(["ok: none among 1 flags; 1 more are up and not Holdpoint's business"]);
  });

  it('more rollouts than guard slots is a warning', async () => {
    const reach = await openReach(ready.temporal);
    onTestFinished(() => reach.close());
    const taskQueue = 'crowded';
    const handles = await Promise.all(
      ['a', 'b'].map((key) =>
        reach.client.workflow.start('rollout', { workflowId: `rollout/production/${key}`, taskQueue, args: [] }),
      ),
    );
    const crowded = {
      ...ready,
      temporal: { ...ready.temporal, taskQueue },
      worker: { ...ready.worker, guardSlots: 1 },
    };
    // Its rollouts have no plan, so this worker fails their tasks; they stay open all the same.
    const another = await startWorker(crowded, { env: { HOLDPOINT_LOG_LEVEL: 'fatal' }, talk });
    onTestFinished(() => another.stop());
    let lines: DoctorLine[] = [];
    do lines = await look({ config: crowded });
    while (!about(lines, 'guard slots').some((line) => line.includes('2 open')));
    expect(about(lines, 'guard slots')[0]).toMatch(
      /^warn: 2 open rollouts, 1 guard slots.*1 rollouts have looks, but no guard/,
    );
    for (const handle of handles) await handle.terminate();
  });

  it('smoke suites are run only when that is asked for', async () => {
    const lines = await look({ smoke: true });
    expect(about(lines, 'smoke run reporting')[0]).toMatch(/^(ok: 1 steps passed|wrong: red)/);
    expect(reports.seen.length).toBeGreaterThan(0);
  });
});

describe('the flag store', () => {
  const at = (path: string): Partial<Config> => ({ flagStores: { local: { kind: 'file', path } } });

  it('that is no flag document fails, and is left as it is', async () => {
    await writeFile(join(folder, 'broken.json'), '{ "flags": ');
    const lines = await look({ config: at(join(folder, 'broken.json')) });
    expect(about(lines, 'flag store local')[0]).toMatch(/^wrong: .*broken\.json is not a flag document/);
    expect(about(lines, 'orphans')).toEqual(['warn: cannot tell for flag store local, which cannot be read']);
    expect(await readFile(join(folder, 'broken.json'), 'utf8')).toBe('{ "flags": ');
  });

  it('that clients would not take fails, with why', async () => {
    await writeFile(join(folder, 'twice.json'), '{ "flags": { "f": {}, "f": {} } }');
    const lines = await look({ config: at(join(folder, 'twice.json')) });
    expect(about(lines, 'flag store local')[0]).toMatch(/^wrong: .*twice\.json is not taken .*: a key is there twice/);
  });

  it('with flags that clients cannot read names them, with why, and counts the rest', async () => {
    const path = join(folder, 'percentages.json');
    const drawnBy = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
    const share = (...buckets: unknown[]) => ({ ...other, targeting: { fractional: [drawnBy, ...buckets] } });
    const flags: Record<string, unknown> = {
      good: share(['on', 101], ['off', 0]),
      below: share(['on', -1], ['off', 101]),
      text: share(['on', '50'], ['off', '50']),
      none: share(['on', null], ['off', 1]),
      gone: share(['on', 50], ['maybe', 50]),
    };
    await writeFile(path, JSON.stringify({ flags }).replace('"good"', '"__proto__":{},"good"'));
    const [line, ...more] = (await look({ config: at(path) })).filter((one) => one.about === 'flags in local');
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'warn', todo: expect.stringContaining(`Mend that in ${path}`) as string });
    expect(line?.saw).toBe(
      'applications get their own default from __proto__ (cannot read state undefined), below (cannot read bucket ["on",-1]), text (cannot read bucket ["on","50"]), none (cannot read bucket ["on",null]), gone (no variant maybe)',
    );
    await writeFile(path, JSON.stringify({ flags: Object.fromEntries(Array.from({ length: 7 }, (_, n) => [n, {}])) }));
    expect(about(await look({ config: at(path) }), 'flags in local')[0]).toMatch(/, 4 \(.*\) and 2 more$/);
    await writeFile(path, JSON.stringify({ flags: { good: flags['good'] } }));
    expect(about(await look({ config: at(path) }), 'flags in local')).toEqual([
      'ok: applications get an answer from each of the 1 flags',
    ]);
  });

  it.each([
    ['five megabytes', `{"flags":{},"x":"${'x'.repeat(5_000_000)}"}`, /longer than 4 MiB/],
    ['a depth bomb', `{"flags":{"f":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`, /is not a flag document/],
  ])('of %s fails, with why', async (_, text, why) => {
    await writeFile(join(folder, 'bad.json'), text);
    const lines = await look({ config: at(join(folder, 'bad.json')) });
    expect(about(lines, 'flag store local')[0]).toMatch(/^wrong: /);
    expect(about(lines, 'flag store local')[0]).toMatch(why);
    expect(about(lines, 'flags in local')).toEqual([]);
  });

  it('without flags is a warning: the store would fill it, but until then nobody gets an answer', async () => {
    await writeFile(join(folder, 'bare.json'), '{"$schema":"x"}');
    const lines = await look({ config: at(join(folder, 'bare.json')) });
    expect(about(lines, 'flags in local')).toEqual([
      'warn: applications get their own default from every flag, for the document has no "flags"',
    ]);
  });

  it('that has no folder fails; that has no document yet is fine', async () => {
    const none = await look({ config: at(join(folder, 'nowhere', 'flags.json')) });
    expect(about(none, 'flag store local')[1]).toMatch(
      /^wrong: .*could not be replaced: its folder does not exist; make/,
    );
    await mkdir(join(folder, 'empty'));
    expect(troubles(await look({ config: at(join(folder, 'empty', 'flags.json')) }))).toEqual([]);
    expect(await readdir(join(folder, 'empty'))).toEqual([]);
  });

  it('with a rule of a claimed flag that nobody can read says which, and how to take it back', async () => {
    const owner = 'rollout/production/odd@3f1b0a9e-5d0f-4c3e-9a57-0d6b8f0f6a11';
    const odd = { ...other, targeting: { if: [true, 'on', 'off'] }, metadata: { 'holdpoint.owner': owner } };
    await writeFile(join(folder, 'odd.json'), JSON.stringify({ flags: { odd } }));
    const lines = await look({ config: at(join(folder, 'odd.json')) });
    const line = lines.find(({ saw }) => saw.startsWith('odd has a rule'));
    expect(line).toMatchObject({
      level: 'warn',
      todo: expect.stringContaining('holdpoint rollback production/odd') as string,
    });
    const orphan = lines.find((one) => one.about === 'orphans');
    expect(orphan).toMatchObject({
      level: 'fail',
      saw: expect.stringContaining(
        'production/odd has a rule that Holdpoint cannot read, and nobody watches it: Temporal',
      ) as string,
      todo: expect.stringContaining('holdpoint rollback production/odd') as string,
    });
  });
});

describe('the metrics source', () => {
  it('that is down, answers HTML, or an error, fails with what it said', async () => {
    const gone = await openLocalServer((response) => response.end());
    await gone.close();
    expect(about(await look({ config: metricsAt(gone.url) }), 'metrics')[0]).toMatch(
      /^unreachable: .*does not answer queries: .*connection refused/,
    );
    const login = await openLocalServer((response) => response.end('<html>log in</html>'));
    onTestFinished(() => login.close());
    expect(about(await look({ config: metricsAt(login.url) }), 'metrics')[0]).toContain('something else than JSON');
    const busy = await openLocalServer((response) => response.writeHead(503).end('busy'));
    onTestFinished(() => busy.close());
    expect(about(await look({ config: metricsAt(busy.url) }), 'metrics')[0]).toContain('status 503');
  });

  it.each([
    [60_000, 'fail'],
    [-60_000, 'fail'],
    [10_000, 'warn'],
  ])('whose clock is off by %i ms', async (offMs, level) => {
    prometheus.setClock(offMs);
    onTestFinished(() => prometheus.setClock(0));
    expect(troubles(await look())).toEqual([`${level} clock of metrics`]);
  });

  it("is asked for each of a plan's checks: data, none, and no number are told apart", async () => {
    const checks = Object.fromEntries(
      ['good', 'empty', 'odd'].map((name) => [name, aCheck(name, { queries: { value: `${name}_query` } })]),
    );
    const plan = aPlan({ checks, watch: { everyMs: 1_000, guardMs: 1_000, checks: ['good'] } });
    prometheus.answer((query) => (query.startsWith('empty') ? null : query.startsWith('odd') ? Number.NaN : 0.999));
    onTestFinished(() => prometheus.answer(0.999));
    const lines = await look({ plan: { plan, problems: [] } });
    expect(about(lines, 'check good')[0]).toMatch(/^ok: has data: 99\.9 %/);
    expect(about(lines, 'check empty')[0]).toMatch(/^warn: no data/);
    expect(about(lines, 'check odd')[0]).toMatch(/^warn: invalid over 15 min: the value is NaN/);
    expect(about(lines, 'flag of the plan')).toEqual([
      'ok: production/reporting-unified is at 0 %, and no rollout owns it',
    ]);
    const down = await look({ plan: { plan, problems: [] }, config: metricsAt('http://127.0.0.1:1') });
    expect(about(down, 'check good')[0]).toMatch(/^unreachable: unavailable: .*connection refused/);
  });
});

describe('a plan', () => {
  it('whose ids are not configured, or whose flag is up, is told so', async () => {
    const plan = aPlan({ flag: { store: 'local', environment: 'production', key: 'theirs', rollbackSet: {} } });
    const problem = { file: 'day.yaml', line: 7, column: 3, message: 'no channel "roof"', severity: 'error' } as const;
    const lines = await look({ plan: { plan, problems: [problem] } });
    expect(about(lines, 'plan')).toEqual(['wrong: day.yaml:7:3: no channel "roof"']);
    expect(about(lines, 'flag of the plan')).toEqual([
      'wrong: production/theirs is at 100 %: a start would be refused',
    ]);
  });
});

describe('smoke suites, channels and the archive', () => {
  it('a suite that is missing, or lacks a variable, fails', async () => {
    const missing = await look({ env: {} });
    expect(about(missing, 'smoke suite reporting')[0]).toMatch(/^wrong: .*variable REPORTS_URL is not set/);
    const gone = await look({ config: { smoke: { reporting: join(folder, 'no-suite.yaml') } } });
    expect(about(gone, 'smoke suite reporting')[0]).toContain('no-suite.yaml:1:1');
  });

  it('a webhook that nobody listens on, or that is no TLS server, fails with its host alone', async () => {
    const web = (url: string): Partial<Config> => ({
      channels: { room: { kind: 'webhook', url, secret: secrets.hook, audience: 'staff' } },
    });
    const gone = await look({ config: web(`http://127.0.0.1:1/${secrets.path}`) });
    expect(about(gone, 'channel room')).toEqual([
      'wrong: 127.0.0.1:1 cannot be reached: connection refused, nothing listens there',
    ]);
    const plain = await look({ config: web(`${room.url.replace('http', 'https')}/${secrets.path}`) });
    expect(about(plain, 'channel room')[0]).toMatch(/^wrong: 127\.0\.0\.1:\d+ cannot be reached: /);
    const tls = createTlsServer().listen(0, '127.0.0.1');
    onTestFinished(() => void tls.close());
    await once(tls, 'listening');
    const { port } = tls.address() as AddressInfo;
    expect(about(await look({ config: web(`https://127.0.0.1:${port}/`) }), 'channel room')[0]).toMatch(/^wrong: /);
    expect(about(await look({ config: { channels: {} } }), 'channels')[0]).toMatch(/^warn: none is configured/);
  });

  it('a mail server and a room in Slack are reached for, and told nothing', async () => {
    const { host } = new URL(room.url);
    const mail = { kind: 'email', plaintext: false, credentials: null, from: 'a@b.c', to: ['a@b.c'] } as const;
    const slack = { kind: 'slack', token: secrets.hook, room: 'C0123456789', url: `${room.url}/api` } as const;
    const asked = room.seen.length;
    const lines = await look({
      config: {
        channels: {
          mail: { ...mail, server: `smtp://${host}`, audience: 'customers' },
          gone: { ...mail, server: 'smtp://127.0.0.1:1', audience: 'staff' },
          slack: { ...slack, audience: 'staff' },
        },
      },
    });
    expect(about(lines, 'channel mail')).toEqual([
      `ok: ${host} takes connections; nothing was sent; it reaches customers: only what a person sends and confirms`,
    ]);
    expect(about(lines, 'channel gone')).toEqual([
      'wrong: 127.0.0.1:1 cannot be reached: connection refused, nothing listens there',
    ]);
    expect(about(lines, 'channel slack')).toEqual([`ok: ${host} takes connections; nothing was sent`]);
    expect(room.seen).toHaveLength(asked);
  });

  it('an archive that is a file, or below one, fails; one that is not there yet is fine', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const archive = (path: string): Partial<Config> => ({ archive: { kind: 'directory', path } });
    expect(about(await look({ config: archive(join(folder, 'a-file')) }), 'archive')[0]).toMatch(
      /^wrong: .*takes no files/,
    );
    expect(about(await look({ config: archive(join(folder, 'a-file', 'x')) }), 'archive')[0]).toMatch(/^wrong: /);
    const later = await look({ config: archive(join(folder, 'later', 'packs')) });
    expect(about(later, 'archive')[0]).toMatch(/^ok: .*made when the first pack is written/);
    expect(troubles(later)).toEqual([]);
  });
});

describe('what does not answer holds up only its own line', () => {
  const others = (lines: readonly DoctorLine[], own: readonly string[]): string[] =>
    troubles(lines).filter((line) => !own.some((name) => line.endsWith(` ${name}`)));

  it('a flag store that hangs', async () => {
    const path = join(folder, 'hangs.json');
    await promisify(execFile)('mkfifo', [path]);
    // Whoever waits for it reads its end.
    onTestFinished(() => writeFile(path, ''));
    const lines = await look({ config: { flagStores: { local: { kind: 'file', path } } } });
    expect(about(lines, 'flag store local')).toEqual(['wrong: no answer within 4.7 s']);
    expect(about(lines, 'orphans')).toEqual(['warn: cannot tell for flag store local, which cannot be read']);
    expect(others(lines, ['flag store local', 'orphans'])).toEqual([]);
  });

  it('a Temporal server that is stopped', async () => {
    server.signal('SIGSTOP');
    onTestFinished(() => server.signal('SIGCONT'));
    const lines = await look();
    expect(about(lines, 'temporal')[0]).toMatch(/^unreachable: .*takes connections, but gives no answer/);
    expect(about(lines, 'workers')).toEqual(['warn: cannot tell while Temporal does not answer']);
    expect(others(lines, temporalLines)).toEqual([]);
  });

  it('a Temporal address where a website answers', async () => {
    const site = await openLocalServer((response) => response.end('<html>hello</html>'));
    onTestFinished(() => site.close());
    const lines = await look({ config: temporalAt(new URL(site.url).host) });
    expect(about(lines, 'temporal')[0]).toMatch(/^unreachable: .*takes connections, but gives no answer that is one/);
    expect(others(lines, temporalLines)).toEqual([]);
  });

  it.each([true, false])('an address behind everything, that swallows packets: %s', async (full) => {
    const hole = await openBlackHole({ full });
    onTestFinished(() => hole.close());
    const url = `https://${hole.address}/`;
    const hook = { kind: 'webhook', url, secret: secrets.hook, audience: 'staff' } as const;
    const lines = await look({
      config: { ...temporalAt(hole.address), ...metricsAt(`http://${hole.address}`), channels: { room: hook } },
      plan: { plan: aPlan(), problems: [] },
    });
    expect(about(lines, 'temporal')[0]).toMatch(/^unreachable: /);
    expect(about(lines, 'metrics')[0]).toMatch(/^unreachable: .*did not answer in/);
    expect(about(lines, 'check autosave-success')[0]).toMatch(/^unreachable: unavailable: .*did not answer/);
    expect(about(lines, 'channel room')[0]).toMatch(/^wrong: .*no connection within 3 s/);
    expect(others(lines, [...temporalLines, 'metrics', 'check autosave-success', 'channel room'])).toEqual([]);
  });

  it('a namespace that is not there', async () => {
    const lines = await look({ config: { temporal: { ...ready.temporal, namespace: 'nowhere' } } });
    expect(about(lines, 'temporal')[0]).toMatch(/^unreachable: .*has no namespace "nowhere"/);
    expect(others(lines, temporalLines)).toEqual([]);
  });
});
