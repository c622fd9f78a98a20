/** Flags that are up with nobody behind them, on a real server: which ones are found, who is told, and which are none. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openAdapters } from '../src/adapters/open.js';
import type { Announcement } from '../src/core/announcement.js';
import type { Config } from '../src/config.js';
import { openLog } from '../src/log.js';
import { openOrphanLook } from '../src/orphan-watch.js';
import { findOrphans, type OrphanFindings } from '../src/orphans.js';
import { openRolloutClient, type RolloutClient } from '../src/rollout-client.js';
import { openReach } from '../src/temporal-reach.js';
import { startWorker, type RunningWorker } from '../src/worker.js';
import { aCheck, aDecision, aGate, aPlan } from './support/a-plan.js';
import { aConfig } from './support/a-config.js';
import { openDevServer, type DevServer } from './support/dev-server.js';
import { openFakePrometheus, type FakePrometheus } from './support/fake-prometheus.js';
import { openLocalServer, type LocalServer } from './support/local-server.js';

let folder: string;
let flagsPath: string;
let server: DevServer;
let prometheus: FakePrometheus;
let room: LocalServer;
let config: Config;
let worker: RunningWorker;
let client: RolloutClient;

const silent = new Writable({ write: (_, __, done) => done() });
const surroundings = { env: {}, talk: silent };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-orphans-'));
  flagsPath = join(folder, 'flags.json');
  prometheus = await openFakePrometheus(0.999);
  room = await openLocalServer((response) => response.end());
  server = await openDevServer({ file: join(folder, 'temporal.db') });
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  config = aConfig(
    { folder, address: server.address, url: prometheus.url },
    { channels: { room: { kind: 'webhook', url: room.url, secret, audience: 'staff' } } },
  );
  worker = await startWorker(config, surroundings);
  client = await openRolloutClient(config.temporal);
});

afterAll(async () => {
  await worker?.stop();
  await client?.close();
  await server?.stop();
  await Promise.all([prometheus?.close(), room?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const check = aCheck('saves', {
  windowMs: 0,
  overlapMs: 0,
  consecutive: 1,
  gateWindow: 'watch',
  queries: { value: 'saves' },
});

/** Up to 10 %, and asks there; or, when nobody is asked, to 100 % at once. */
function planOf(key: string, asks: boolean) {
  const gate = aGate({ checks: ['saves'], decision: asks ? aDecision() : null });
  const stages = [
    { percent: 10, holdMs: 0, gate },
    { percent: 100, holdMs: 0, gate },
  ];
  return aPlan({
    name: `plan-of-${key}`,
    flag: { store: 'local', environment: 'production', key, rollbackSet: {} },
    watch: { everyMs: 1_000, guardMs: 1_000, checks: ['saves'] },
    checks: { saves: check },
    stages,
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function startUp(key: string) {
  const rollout = await client.start(planOf(key, true), { by: 'dana' });
  await until(async () => (await client.status(rollout)).percent.observed === 10);
  return rollout;
}

async function look(): Promise<OrphanFindings> {
  const reach = await openReach(config.temporal).catch(() => null);
  try {
    return await findOrphans({ ...openAdapters(config, surroundings), client: reach?.client ?? null });
  } finally {
    await reach?.close();
  }
}

/** What stands in a list about a flag. */
const saidOf = (key: string, flags: OrphanFindings['orphans']): string | null =>
  flags.find(({ record }) => record.key === key)?.sentence ?? null;

const finished = async (findings: Promise<OrphanFindings>, key: string) => {
  const { orphans, noteworthy, untold } = await findings;
  return { orphan: saidOf(key, orphans), noteworthy: saidOf(key, noteworthy), untold: saidOf(key, untold) };
};

const nothing = { orphan: null, noteworthy: null, untold: null };

async function withReach(work: (reach: Awaited<ReturnType<typeof openReach>>) => Promise<unknown>): Promise<void> {
  const reach = await openReach(config.temporal);
  try {
    await work(reach);
  } finally {
    await reach.close();
  }
}

type FlagFile = { flags: Record<string, Record<string, unknown>> };

/** Somebody edits the flag by hand. */
async function edit(key: string, members: object): Promise<void> {
  const document = JSON.parse(await readFile(flagsPath, 'utf8')) as FlagFile;
  document.flags[key] = { ...document.flags[key], ...members };
  await writeFile(`${flagsPath}.new`, JSON.stringify(document));
  await rename(`${flagsPath}.new`, flagsPath);
}

const on = { defaultVariant: 'on', targeting: {} };

async function metricsPage(): Promise<string> {
  return (await fetch(`${worker.metricsUrl}/metrics`)).text();
}

describe('no orphan is', () => {
  it('a flag whose rollout runs', async () => {
    const rollout = await startUp('runs');
    expect(await finished(look(), 'runs')).toEqual(nothing);
    await client.rollback(rollout, { by: 'dana', reason: 'enough' });
  });

  it('a flag that was rolled back; but one that somebody lifted after that is', async () => {
    const rollout = await startUp('back');
    await client.rollback(rollout, { by: 'dana', reason: 'enough' });
    await client.result(rollout);
    expect(await finished(look(), 'back')).toEqual(nothing);
    await edit('back', on);
    expect((await finished(look(), 'back')).orphan).toMatch(
      /^production\/back is at 100 %, and nobody watches it: its rollout ended as rolled-back at \d{4}.*UTC\.$/,
    );
    await edit('back', { defaultVariant: 'off' });
  });

  it('a flag whose rollout completed; that somebody changed it since is worth a word', async () => {
    const rollout = await client.start(planOf('done', false), { by: 'dana' });
    expect(await client.result(rollout)).toMatchObject({ outcome: 'completed', percent: 100 });
    expect(await finished(look(), 'done')).toEqual(nothing);
    const before = (JSON.parse(await readFile(flagsPath, 'utf8')) as FlagFile).flags['done']!;
    await edit('done', { state: 'ENABLED', targeting: { if: [true, 'on', 'off'] } });
    expect((await finished(look(), 'done')).noteworthy).toMatch(
      /^production\/done has a rule that Holdpoint cannot read: its rollout completed at 100 %.*changed the flag since\.$/,
    );
    await edit('done', before);
  });

  it("a flag that is nobody's, or a break-glass's: those are only counted", async () => {
    await edit('theirs', { state: 'ENABLED', variants: { on: true, off: false }, ...on });
    await edit('glass', {
      state: 'ENABLED',
      variants: { on: true, off: false },
      ...on,
      metadata: { 'holdpoint.owner': 'break-glass:1' },
    });
    const { foreign, orphans } = await look();
    expect({ foreign, orphans }).toEqual({ foreign: 2, orphans: [] });
  });
});

describe('an orphan is', () => {
  it('case 9: a flag whose rollout was terminated, also when another one was refused since', async () => {
    await startUp('killed');
    await withReach(({ client: temporal }) =>
      temporal.workflow.getHandle('rollout/production/killed').terminate('by hand'),
    );
    const said =
      /^production\/killed is at 10 %, and nobody watches it: its rollout ended as terminated at \d{4}.*UTC\.$/;
    expect((await finished(look(), 'killed')).orphan).toMatch(said);
    const second = await client.start(planOf('killed', true), { by: 'dana' });
    expect(await client.result(second)).toMatchObject({ outcome: 'refused' });
    expect((await finished(look(), 'killed')).orphan).toMatch(said);
    const { orphans } = await look();
    expect(orphans[0]).toMatchObject({
      store: 'local',
      owner: { environment: 'production', flag: 'killed' },
      back: expect.stringMatching(/^holdpoint rollback production\/killed /) as string,
    });
  });

  it('one with a rule that nobody can read', async () => {
    const before = (JSON.parse(await readFile(flagsPath, 'utf8')) as FlagFile).flags['killed']!;
    await edit('killed', { targeting: { if: [true, 'on', 'off'] } });
    expect((await finished(look(), 'killed')).orphan).toMatch(
      /has a rule that Holdpoint cannot read, and nobody watches it: .*terminated/,
    );
    await edit('killed', before);
  });

  it('a flag whose rollout was reset: its successor is refused, for the flag is up', async () => {
    const { rollout, runId } = await startUp('reset');
    await withReach(async ({ client: temporal, namespace }) => {
      const { events } = await temporal.workflow.getHandle(rollout, runId).fetchHistory();
      const first = events?.find(({ workflowTaskCompletedEventAttributes: task }) => task != null);
      await temporal.workflowService.resetWorkflowExecution({
        namespace,
        workflowExecution: { workflowId: rollout, runId },
        workflowTaskFinishEventId: first!.eventId!,
        requestId: 'one',
        reason: 'a wrong button',
      });
    });
    await until(async () => (await finished(look(), 'reset')).orphan !== null);
    expect((await finished(look(), 'reset')).orphan).toMatch(
      /^production\/reset is at 10 %, and nobody watches it: its rollout ended as refused at /,
    );
  });
});

describe('a worker', () => {
  it('says so before it runs, counts them, and tells every channel once, whoever starts how often', async () => {
    let logged = '';
    const talk = new Writable({
      write: (chunk: Buffer, _, done) => {
        logged += chunk.toString();
        done();
      },
    });
    await worker.stop();
    worker = await startWorker(config, { env: {}, talk });
    const lines = logged
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const runs = lines.findIndex(({ msg }) => msg === 'The worker runs.');
    const loud = lines.slice(0, runs).filter(({ level }) => level === 'error');
    expect(loud.map(({ rollout }) => String(rollout)).toSorted()).toEqual([
      'rollout/production/killed',
      'rollout/production/reset',
    ]);
    expect(loud[0]).toMatchObject({ back: expect.stringContaining('holdpoint rollback production/') as string });
    expect(await metricsPage()).toContain('\nholdpoint_orphans 2\n');
    await room.asked(2);

    const first = announced();
    expect(first.map(({ kind, flag, percent }) => `${kind} ${flag} ${percent}`).toSorted()).toEqual([
      'orphan killed 10',
      'orphan reset 10',
    ]);
    expect(first[0]?.next).toContain('holdpoint rollback production/');
    await worker.stop();
    worker = await startWorker(config, surroundings);
    await room.asked(4);
    const ids = announced().map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('tells a channel that failed at its next look, and none twice', async () => {
    const told: string[] = [];
    let failures = 2;
    const flaky = {
      announce: ({ flag }: Announcement) => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('closed'));
        }
        told.push(flag);
        return Promise.resolve();
      },
    };
    await withReach(async (reach) => {
      const counts: number[] = [];
      const lookNow = openOrphanLook({
        ...openAdapters(config, surroundings),
        client: reach.client,
        announcers: new Map([['flaky', flaky]]),
        telemetry: { orphans: (count) => void counts.push(count) },
        log: openLog(silent, { level: 'info', secrets: [] }),
      });
      for (let looks = 0; looks < 3; looks += 1) {
        await lookNow();
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(counts).toEqual([2, 2, 2]);
    });
    expect(told.toSorted()).toEqual(['killed', 'reset']);
  });

  it('starts all the same when a store hangs', async () => {
    const path = join(folder, 'hangs.json');
    await promisify(execFile)('mkfifo', [path]);
    const hanging: Config = { ...config, flagStores: { local: { kind: 'file', path } } };
    const another = await startWorker(hanging, surroundings);
    await another.stop();
    // Whoever waits for it reads its end.
    await writeFile(path, '');
  });

  const announced = (): Announcement[] =>
    room.seen
      .map(({ body }) => JSON.parse(body) as { type: string; data: Announcement })
      .filter(({ type }) => type === 'rollout.orphan')
      .map(({ data }) => data);
});

describe('when the server', () => {
  it('does not answer, nobody can tell, and nobody is called an orphan', async () => {
    await worker.stop();
    await server.stop();
    const down = await look();
    expect(down.orphans).toEqual([]);
    expect(saidOf('killed', down.untold)).toBe(
      'production/killed is at 10 %: cannot tell whether its rollout runs, Temporal does not answer.',
    );
    expect(saidOf('done', down.untold)).toContain('cannot tell');
  });

  it('has lost its database, what was under way is an orphan; what completed is known from its pack', async () => {
    const port = Number(server.address.split(':')[1]);
    server = await openDevServer({ file: join(folder, 'fresh.db'), port });
    expect((await finished(look(), 'killed')).orphan).toContain(
      'is at 10 %, and nobody watches it: Temporal does not know its rollout, and the archive has no pack of it',
    );
    expect((await finished(look(), 'reset')).orphan).toContain('its rollout ended as refused at ');
    expect(await finished(look(), 'done')).toEqual(nothing);
    await rename(config.archive.path, `${config.archive.path}-gone`);
    onTestFinished(() => rename(`${config.archive.path}-gone`, config.archive.path));
    expect((await finished(look(), 'done')).noteworthy).toContain('completed long ago, or was lost');
    expect((await finished(look(), 'reset')).orphan).toContain('the archive has no pack of it');
  });

  it('is there but the store is broken, the store is named', async () => {
    await writeFile(flagsPath, '{ "flags": ');
    const { unread, flags } = await look();
    expect(flags).toBe(0);
    expect(unread).toEqual([{ store: 'local', why: expect.stringContaining('is not a flag document') as string }]);
  });
});
