/** What others' scripts and plan edits were surprised by: exit codes, a plan changed on the way, secrets, nobody there. */
import { Client, Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { findTool } from '#tools/find-tools.mjs';
import type { RolloutStatus } from '../../src/core/rollout-shapes.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import type { RunningCli } from '../support/cli.js';
import { freePort } from '../support/free-port.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';
import { readWrites } from '../support/read-writes.js';

// Many processes one after the other: slow where others run beside it.
vi.setConfig({ testTimeout: 240_000 });

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const metricsPort = await freePort();

let world: CliWorld;
let worker: RunningCli;
let hook: LocalServer;
beforeAll(async () => {
  hook = await openLocalServer((response) => response.writeHead(204).end());
  world = await openCliWorld({
    env: { HOOK_SECRET: secret },
    config: {
      channels: { hook: { kind: 'webhook', url: `${hook.url}/room`, secret: '${HOOK_SECRET}' } },
      worker: { metricsAddress: `127.0.0.1:${metricsPort}` },
    },
  });
  worker = await world.startWorker();
});
afterAll(async () => {
  await world?.close();
  await hook?.close();
});

const flagsPath = () => join(world.folder, 'flags.json');
const percents = async (key: string) =>
  (await readWrites(flagsPath())).filter((write) => write.key === key).map(({ percent }) => percent);

const isAsking = ({ state, verdict }: RolloutStatus): boolean => state === 'asking' && verdict?.outcome === 'pass';

async function everybodySaysGo(key: string): Promise<void> {
  await world.until(key, isAsking);
  for (const [by, role] of [
    ['sam', 'release-manager'],
    ['ria', 'sre'],
  ] as const)
    expect(await world.run('go', key, '--by', by, '--role', role)).toMatchObject({ code: 0 });
}

type PlanFile = Record<string, unknown> & { stages: Record<string, unknown>[]; checks: Record<string, object> };

/** The plan of a flag, broken by hand. */
async function editPlan(key: string, edit: (plan: PlanFile) => void): Promise<string> {
  const path = join(world.folder, `${key}.yaml`);
  const plan = parse(await readFile(path, 'utf8')) as PlanFile;
  edit(plan);
  await writeFile(path, stringify(plan));
  return path;
}

const broken: readonly (readonly [string, (plan: PlanFile) => void])[] = [
  ['no percent', ({ stages }) => delete stages[0]?.['percent']],
  ['falling percentages', ({ stages }) => Object.assign(stages[1] ?? {}, { percent: 5 })],
  ['a percent above 100', ({ stages }) => Object.assign(stages[1] ?? {}, { percent: 101 })],
  ['no stages', (plan) => Object.assign(plan, { stages: [] })],
  ['a key nobody knows', (plan) => Object.assign(plan, { deadlin: '1h' })],
  ['a limit without a direction', ({ checks }) => Object.assign(checks['saves'] ?? {}, { min: undefined })],
  ['a check nobody defined', ({ stages }) => Object.assign(stages[1] ?? {}, { gate: { checks: ['safes'] } })],
  ['a gate that asks nothing', ({ stages }) => Object.assign(stages[1] ?? {}, { gate: {} })],
  ['PromQL that does not parse', ({ checks }) => Object.assign(checks['saves'] ?? {}, { promql: 'sum(' })],
];

it('peer 3 (Argo TestMalformedRollout): every malformed plan is refused with line and column, and nothing is written', async () => {
  for (const [what, edit] of broken) {
    await world.plan('malformed');
    const path = await editPlan('malformed', edit);
    const { code, stdout, stderr } = await world.run('start', path, '--yes');
    expect({ code, stdout }, what).toEqual({ code: 3, stdout: '' });
    const problems = stderr.split('\n').filter((line) => line.startsWith(path));
    expect(problems.length, `${what}: ${stderr}`).toBeGreaterThan(0);
    for (const line of problems) expect(line).toMatch(/\.yaml:[1-9]\d*:[1-9]\d*: ./);
  }
  expect(await world.run('status', 'malformed')).toMatchObject({ code: 8 });
});

it('peer 4 (Argo TestFixInvalidSpec): the plan repaired, the same command starts the rollout', async () => {
  await world.plan('repaired');
  const path = await editPlan('repaired', ({ stages }) => delete stages[0]?.['hold']);
  expect(await world.run('start', path, '--yes')).toMatchObject({ code: 3 });
  await editPlan('repaired', ({ stages }) => Object.assign(stages[0] ?? {}, { hold: '1s' }));
  const started = await world.run('start', path, '--yes', '--json');
  expect(started.code).toBe(0);
  expect(JSON.parse(started.stdout)).toMatchObject({ rollout: 'rollout/production/repaired' });
  await world.run('rollback', 'repaired', '--yes');
});

it('peer 7 (Argo TestKubectlWaitForPaused, WaitForCompleted): scripts wait for a state and learn it from the exit code', async () => {
  const path = await world.plan('scripted');
  const waiting = world.start('start', path, '--yes', '--wait', '--json');
  await waiting.printed('holding');
  expect(await world.run('watch', 'scripted', '--timeout', '10ms')).toMatchObject({ code: 6 });
  expect(await world.run('pause', 'scripted', '--reason', 'lunch')).toMatchObject({ code: 0 });
  expect(await world.run('watch', 'scripted')).toMatchObject({ code: 6 });
  expect((await waiting.ended).code).toBe(6);
  expect(await world.run('resume', 'scripted', '--reason', 'back')).toMatchObject({ code: 0 });
  const watching = world.start('watch', 'scripted');
  await everybodySaysGo('scripted');
  expect((await watching.ended).code).toBe(0);
  const again = await world.run('start', path, '--yes', '--wait', '--json');
  expect(again.code).toBe(4);
  expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'refused', percent: 100 });
  const back = world.start('start', await world.plan('scripted-back'), '--yes', '--wait');
  await back.printed('holding');
  expect(await world.run('rollback', 'scripted-back', '--yes')).toMatchObject({ code: 0 });
  expect((await back.ended).code).toBe(5);
});

it('peer 41 (Argo UpdateInMiddleZeroCanaryReplicas): another plan in the middle is refused until the first is taken back', async () => {
  expect(await world.run('start', await world.plan('replaced'), '--yes')).toMatchObject({ code: 0 });
  await world.until('replaced', ({ state }) => state !== 'waiting');
  const other = await editPlan('replaced', (plan) => Object.assign(plan, { name: 'another-plan' }));
  const refused = await world.run('start', other, '--yes');
  expect(refused).toMatchObject({ code: 8, stdout: '' });
  expect(refused.stderr).toContain('started by dana since ');
  expect(await world.run('rollback', 'replaced', '--yes')).toMatchObject({ code: 0 });
  expect(await world.run('start', other, '--yes')).toMatchObject({ code: 0 });
  await world.until('replaced', ({ plan, percent }) => plan === 'another-plan' && percent.observed === 10);
  expect(await percents('replaced')).toEqual([0, 10, 0, 0, 10]);
  await world.run('rollback', 'replaced', '--yes');
});

it('peer 49 (Flagger nginx/test-canary webhook): a plan file edited on the way changes nothing that runs; the edit counts at the next start', async () => {
  const path = await world.plan('edited');
  expect(await world.run('start', path, '--yes')).toMatchObject({ code: 0 });
  const { planDigest } = await world.until('edited', isAsking);
  await editPlan('edited', ({ stages }) => Object.assign(stages[0] ?? {}, { percent: 90 }));
  expect(await world.run('check', path)).toMatchObject({ code: 0 });
  await everybodySaysGo('edited');
  const ended = await world.until('edited', ({ state }) => state === 'completed');
  expect(ended.planDigest).toBe(planDigest);
  expect(await percents('edited')).toEqual([0, 10, 100]);
  expect(await world.run('rollback', 'edited', '--yes', '--break-glass')).toMatchObject({ code: 0 });
  expect(await world.run('start', path, '--yes')).toMatchObject({ code: 0 });
  await world.until('edited', ({ percent }) => percent.observed === 90);
  await world.run('rollback', 'edited', '--yes');
});

it('peer 20 (Argo TestAnalysisWithSecret): a secret is named in the configuration, used, and nowhere in history, audit, log or archive', async () => {
  const path = await world.plan('secretive', { announce: { channels: ['hook'] } });
  const before = hook.seen.length;
  expect(await world.run('start', path, '--yes')).toMatchObject({ code: 0 });
  await world.until('secretive', isAsking);
  await world.run('rollback', 'secretive', '--yes');
  await hook.asked(before + 1);
  expect(hook.seen[before]?.headers['webhook-signature']).toMatch(/^v1,/);
  const connection = await Connection.connect({ address: world.server.address });
  try {
    const handle = new Client({ connection }).workflow.getHandle('rollout/production/secretive');
    const kept = [JSON.stringify(await handle.fetchHistory()), await readFile(`${flagsPath()}.log.jsonl`, 'utf8')];
    const archived = await readdir(join(world.folder, 'archive'), { recursive: true, withFileTypes: true });
    for (const file of archived.filter((entry) => entry.isFile()))
      kept.push(await readFile(join(file.parentPath, file.name), 'utf8'));
    expect(kept.length).toBeGreaterThan(4);
    const bare = secret.replace('whsec_', '');
    const encoded = Buffer.from(bare).toString('base64').slice(0, 40);
    for (const text of kept) expect([text.includes(bare), text.includes(encoded)]).toEqual([false, false]);
  } finally {
    await connection.close();
  }
});

const contractMetrics = [
  'holdpoint_adapter_errors_total',
  'holdpoint_human_wait_seconds',
  'holdpoint_look_lateness_seconds',
  'holdpoint_moves_total',
  'holdpoint_orphans',
  'holdpoint_rollback_seconds',
  'holdpoint_rollout_percent',
  'holdpoint_rollout_state',
  'holdpoint_verdicts_total',
];

it("peer 8 (Argo TestControllerMetrics): the worker's metrics keep their names and pass Prometheus' own check", async () => {
  const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const names = [...page.matchAll(/^# TYPE (holdpoint_\w+) /gm)].map(([, name]) => name);
  expect(new Set(names)).toEqual(new Set(contractMetrics));
  const { path } = await findTool('promtool', { onProgress: (line) => console.error(line) });
  const said = await new Promise<string>((resolve) => {
    const child = execFile(path, ['check', 'metrics'], (error, stdout, stderr) =>
      resolve(`${error === null ? 'fine' : `exit ${String(error.code)}`}\n${stdout}${stderr}`.trim()),
    );
    child.stdin?.end(page);
  });
  expect(said).toBe('fine');
});

it('peer 64 (Temporal query/timeout_due_to_no_active_workers): with no worker, status says so and who started what, and exits 7', async () => {
  expect(await world.run('start', await world.plan('alone'), '--yes')).toMatchObject({ code: 0 });
  worker.child.kill('SIGTERM');
  await worker.ended;
  const status = await world.run('status', 'alone');
  expect(status).toMatchObject({ code: 7, stdout: '' });
  expect(status.stderr).toContain('production/alone, started by dana');
  expect(status.stderr).toContain('holdpoint worker');
  expect(await world.run('rollback', 'alone', '--yes', '--break-glass')).toMatchObject({ code: 0 });
  expect(await world.percent('alone')).toBe(0);
});
