/** Rollouts by command line alone, from start to report: the compiled program against a real server and worker. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RolloutResult, RolloutStatus } from '../../src/core/rollout-shapes.js';
import type { Report } from '../../src/core/report.js';
import type { RolloutSummary } from '../../src/find-rollout.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import type { RunningCli } from '../support/cli.js';

let world: CliWorld;
let worker: RunningCli;

beforeAll(async () => {
  world = await openCliWorld();
  worker = await world.startWorker();
});
afterAll(() => world?.close());

const isAsking = ({ state, verdict }: RolloutStatus): boolean => state === 'asking' && verdict?.outcome === 'pass';

it('a whole rollout: start, status, two goes, the outcome of watch, list, report', async () => {
  const path = await world.plan('saves');
  const started = await world.run('start', path, '--yes', '--json');
  expect(started.code).toBe(0);
  expect(JSON.parse(started.stdout)).toMatchObject({
    rollout: 'rollout/production/saves',
    startedBy: 'dana',
    open: true,
  });

  const second = await world.run('start', path, '--yes', '--by', 'eve');
  expect(second).toMatchObject({ code: 8, stdout: '' });
  expect(second.stderr).toContain('started by dana since ');

  const status = await world.until('saves', isAsking);
  expect(status).toMatchObject({
    rollout: 'rollout/production/saves',
    plan: 'plan-of-saves',
    planDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    state: 'asking',
    stage: 1,
    stages: 2,
    percent: { intended: 10, observed: 10 },
    verdict: { outcome: 'pass', evidenceDigest: expect.stringMatching(/^sha256:/) as string },
    asked: {
      roles: [
        { role: 'release-manager', need: 1, have: 0 },
        { role: 'sre', need: 1, have: 0 },
      ],
    },
    fence: 1,
    owner: `rollout/production/saves@${status.runId}`,
  });
  expect(status.verdict?.findings[0]).toMatchObject({
    check: 'saves',
    outcome: 'pass',
    value: 0.99,
    limit: { min: 0.9 },
  });
  expect(await world.percent('saves')).toBe(10);

  const shown = await world.run('status');
  expect(shown.stdout).toContain('intended 10 %   observed 10 %');
  expect(shown.stdout).toContain('sre: holdpoint go production/saves --role sre');
  const why = JSON.parse((await world.run('why', '--json')).stdout) as { blockers: { kind: string; who: string[] }[] };
  expect(why.blockers.map(({ kind, who }) => [kind, ...who])).toEqual([
    ['decision', 'release-manager'],
    ['decision', 'sre'],
  ]);

  const starter = await world.run('go', 'saves', '--role', 'sre');
  expect(starter).toMatchObject({ code: 8, stdout: '' });
  expect(starter.stderr).toContain('the starter may not approve');
  const stale = await world.run('go', 'saves', '--by', 'sam', '--role', 'sre', '--evidence', 'sha256:0123456789ab');
  expect(stale.code).toBe(8);
  expect(stale.stderr).toContain('not 0123456789ab. Nothing was decided.');

  const watching = world.start('watch', 'saves');
  await watching.printed('asking');
  const first = await world.run('go', 'saves', '--by', 'sam', '--role', 'sre', '--json');
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    accepted: true,
    gate: { roles: [{ have: 0 }, { role: 'sre', have: 1 }] },
  });
  const last = await world.run('go', '--by', 'ria', '--role', 'release-manager', '--reason', 'looks fine');
  expect(last).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('ria says go as release-manager at stage 1.') as string,
  });

  const end = await watching.ended;
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('completed at 100 %');
  expect(await world.percent('saves')).toBe(100);

  const list = JSON.parse((await world.run('list', '--json')).stdout) as RolloutSummary[];
  expect(list[0]).toMatchObject({ flag: 'saves', state: 'completed', percent: 100, open: false, startedBy: 'dana' });
  expect((await world.run('report')).stdout).toContain('# plan-of-saves: completed at 100 %');
  const report = JSON.parse((await world.run('report', 'saves', '--json')).stdout) as Report;
  expect(report.decisions.map(({ by, headline }) => [by, headline])).toEqual([
    ['sam', expect.stringMatching(/checks? pass(es)?\.$/)],
    ['ria', expect.stringMatching(/checks? pass(es)?\.$/)],
  ]);
});

it('a rollback by a person: the receipt, again a proven one, and exit 5 for who waits', async () => {
  const path = await world.plan('exports');
  const waiting = world.start('start', path, '--yes', '--wait', '--json');
  await waiting.printed('holding');
  const open = await world.run('report', 'exports', '--json');
  expect(JSON.parse(open.stdout)).toMatchObject({ outcome: 'open', flag: { key: 'exports' } });
  const unasked = await world.run('rollback', 'exports');
  expect(unasked).toMatchObject({ code: 2, stdout: '' });
  expect(unasked.stderr).toContain('--yes');
  const back = await world.run('rollback', 'exports', '--yes', '--json', '--reason', 'support calls');
  expect(back.code).toBe(0);
  const receipt = JSON.parse(back.stdout) as Record<string, unknown>;
  expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0, by: 'dana', reason: 'support calls' });
  expect(receipt['tookMs']).toBeTypeOf('number');
  expect(await world.percent('exports')).toBe(0);
  const { code, stdout } = await waiting.ended;
  expect(code).toBe(5);
  const result = JSON.parse(stdout) as RolloutResult;
  expect(result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'support calls' });
  expect(result.auditHead).toMatch(/^sha256:/);
  const again = await world.run('rollback', 'exports', '--yes');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('at 0 %, proven') as string });
  expect((await world.run('watch', 'exports')).code).toBe(5);
});

it('a pause ends the waiting with 6, a resume goes on; a no-go rolls back', async () => {
  const path = await world.plan('logins');
  const waiting = world.start('start', path, '--yes', '--wait');
  await waiting.printed('holding');
  expect(await world.run('pause', 'logins')).toMatchObject({ code: 2 });
  expect(await world.run('pause', 'logins', '--reason', 'lunch')).toMatchObject({ code: 0 });
  expect(await world.run('pause', 'logins', '--reason', 'again')).toMatchObject({ code: 8 });
  expect(await waiting.ended).toMatchObject({ code: 6 });
  expect(await world.run('watch', 'logins')).toMatchObject({ code: 6 });
  expect(await world.run('resume', 'logins', '--reason', 'back')).toMatchObject({ code: 0 });
  expect(await world.run('watch', 'logins', '--timeout', '10ms')).toMatchObject({ code: 6 });
  await world.until('logins', isAsking);
  const noGo = await world.run('no-go', 'logins', '--by', 'sam', '--role', 'sre', '--reason', 'not today');
  expect(noGo.code).toBe(0);
  const watched = await world.run('watch', 'logins', '--json');
  expect(watched.code).toBe(5);
  const lines = watched.stdout.trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ state: 'rolled-back' });
});

it('after the end: taken back by a run of its own, which every command knows', async () => {
  expect(await world.percent('saves')).toBe(100);
  const back = await world.run('rollback', 'saves', '--yes', '--reason', 'a customer called', '--json');
  expect(back.code).toBe(0);
  expect(JSON.parse(back.stdout)).toMatchObject({ written: true, state: 'proven', percent: 0, by: 'dana' });
  expect(await world.percent('saves')).toBe(0);
  const list = JSON.parse((await world.run('list', '--json')).stdout) as RolloutSummary[];
  expect(list[0]).toMatchObject({ kind: 'revert', flag: 'saves', state: 'rolled-back', open: false });
  expect(list.filter(({ flag }) => flag === 'saves').map(({ kind }) => kind)).toEqual(['revert', 'rollout']);
  expect((await world.run('status', 'saves')).stdout).toContain('a run of its own: no rollout was open');
  expect(await world.run('watch', 'saves')).toMatchObject({ code: 5 });
  expect((await world.run('report', 'saves')).stdout).toContain('# revert: rolled-back at 0 %');
  const before = list.find(({ kind, flag }) => kind === 'rollout' && flag === 'saves')?.runId ?? '';
  const earlier = await world.run('report', `rollout/production/saves@${before}`);
  expect(earlier.stdout).toContain('# plan-of-saves: completed at 100 %');
  const pack = join(world.folder, 'archive', 'production', 'saves', list[0]?.runId ?? '');
  expect(await world.run('audit', 'verify', pack)).toMatchObject({ code: 0 });
  const again = await world.run('rollback', 'production/saves', '--yes');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('No rollout was open') as string });
});

it('after the end, with a flag that nobody has: 8, and nothing is made', async () => {
  const nobody = await world.run('rollback', 'savse', '--yes');
  expect(nobody).toMatchObject({ code: 8, stdout: '', stderr: expect.stringContaining('looked in: local') as string });
  expect(await world.percent('savse')).toBeUndefined();
});

it('with rollouts in two environments it asks which one', async () => {
  for (const environment of ['staging', 'testing']) {
    const flag = { store: 'local', environment, key: 'twins' };
    expect(await world.run('start', await world.plan('twins', { flag }), '--yes')).toMatchObject({ code: 0 });
    await world.until(`${environment}/twins`, ({ state }) => state !== 'waiting');
    expect(await world.run('rollback', `${environment}/twins`, '--yes')).toMatchObject({ code: 0 });
    await world.until(`${environment}/twins`, ({ state }) => state === 'rolled-back');
  }
  const which = await world.run('rollback', 'twins', '--yes');
  expect(which).toMatchObject({ code: 2, stdout: '' });
  expect(which.stderr).toContain('testing/twins, staging/twins');
});

it('the worker serves the metrics of its SDK, and ends on SIGTERM as asked', async () => {
  const page = await (await fetch(`http://${world.sdkMetrics}/metrics`)).text();
  expect(page).toContain('temporal_workflow_completed_total');
  worker.child.kill('SIGTERM');
  const { code, stdout, stderr } = await worker.ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('The worker has stopped.');
});
