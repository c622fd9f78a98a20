/** Back to 0 % when no rollout is open: by store and key alone, on a real server, also by Temporal's own command line. */
import { describe, expect, it } from 'vitest';
import { firstBadEntry } from '../../src/core/audit.js';
import { rolloutWorkflowId } from '../../src/core/names.js';
import type { RevertInput } from '../../src/core/revert.js';
import { auditQuery, requestRollbackUpdate, rollbackSignal, statusQuery, whyQuery } from '../../workflows/messages.js';
import type { revert } from '../../workflows/revert.js';
import { aLongHold } from '../support/a-guarded-plan.js';
import { aGate, aPlan } from '../support/a-plan.js';
import { replay } from '../support/replay.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';

const real = realRollouts();

const key = 'reporting-unified';

/** A rollout that is at 100 % after a second. */
function quickPlan(changes: Parameters<typeof aPlan>[0] = {}) {
  const stages = [{ percent: 100, holdMs: 1_500, gate: aGate({ decision: null }) }];
  return aPlan({ watch: { everyMs: 600_000, guardMs: 100, checks: [] }, stages, ...changes });
}

async function completed(plan = quickPlan({ channels: ['room'] })): Promise<RealRun> {
  const run = await real.start(plan);
  expect(await run.handle.result()).toMatchObject({ outcome: 'completed', percent: 100 });
  return run;
}

const askToRevert = (run: RealRun, message: unknown = { by: 'ola', reason: 'a customer called' }, input = {}) =>
  real.env.client.workflow.signalWithStart<typeof revert, [unknown]>('revert', {
    workflowId: run.handle.workflowId,
    taskQueue: run.taskQueue,
    args: [{ store: 'local', key, ...input } as RevertInput],
    signal: 'rollback',
    signalArgs: [message],
  });

const percents = async (run: RealRun) => (await run.writes()).map(({ percent }) => percent);

describe('signal with start', () => {
  it('case 16: takes a completed rollout back to the safe state that its claim recorded, proven, told and archived', async () => {
    const flag = { store: 'local', environment: 'production', key, rollbackSet: { 'reporting-only': false } };
    const run = await completed(quickPlan({ flag, channels: ['room'] }));
    const handle = await askToRevert(run, undefined, { environment: 'production' });
    const result = await handle.result();
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      percent: 0,
      reason: 'a customer called',
      receipt: { written: true, state: 'proven', percent: 0, by: 'ola', fence: 2 },
    });
    expect(await run.store.read(key)).toMatchObject({
      percent: 0,
      safeState: { percent: 0, set: { 'reporting-only': false } },
      safeValuesHeld: true,
      owner: `${run.handle.workflowId}@${handle.signaledRunId}`,
    });
    expect(run.announcer.announcements.at(-1)).toMatchObject({ kind: 'rolled-back', environment: 'production' });
    const audit = await handle.query(auditQuery);
    expect(firstBadEntry(audit)).toBeNull();
    expect(audit.map(({ kind }) => kind)).toEqual(['started', 'message', 'rollback', 'closed']);
    expect(await handle.query(statusQuery)).toMatchObject({ plan: 'revert', state: 'rolled-back', stages: 0 });
    expect(await handle.query(whyQuery)).toEqual({ blockers: [] });
    const pack = `production/${key}/${handle.signaledRunId}`;
    expect(await run.archive.get(`${pack}/report.md`)).toContain('rolled-back at 0 %');
    expect(await run.archive.get(`${pack}/audit.jsonl`)).toContain(result.auditHead);
    await replay(await handle.fetchHistory(), handle.workflowId);
  });

  it('reaches an open rollout as the signal that it is', async () => {
    const run = await real.start(quickPlan({ stages: [aLongHold(10), aLongHold(100)] }));
    await reaches(run, 'holding');
    await askToRevert(run);
    expect(await run.handle.result()).toMatchObject({ outcome: 'rolled-back', reason: 'a customer called' });
    expect(await percents(run)).toEqual([0, 10, 0]);
  });

  it.each([
    ['terminated', (run: RealRun) => run.handle.terminate('by hand')],
    ['superseded', (run: RealRun) => run.store.writeSafeState(takenBy('somebody-else@1')).then(() => undefined)],
  ])('takes back the flag of a rollout that was %s', async (_, end) => {
    const watch = { everyMs: 600_000, guardMs: 100, checks: ['autosave-success'] };
    const run = await real.start(quickPlan({ watch, stages: [aLongHold(10), aLongHold(100)] }));
    await reaches(run, 'holding');
    await end(run);
    await run.handle.result().catch(() => undefined);
    const result = await (await askToRevert(run)).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { written: true, state: 'proven', by: 'ola' } });
    expect((await percents(run)).at(-1)).toBe(0);
  });

  it('ten times at once and one after the other: always a proven receipt, and never up', async () => {
    const run = await completed();
    const handles = await Promise.all(Array.from({ length: 10 }, () => askToRevert(run)));
    for (const handle of handles) expect(await handle.result()).toMatchObject({ receipt: { state: 'proven' } });
    for (let again = 0; again < 3; again += 1) {
      expect(await (await askToRevert(run)).result()).toMatchObject({ receipt: { state: 'proven', percent: 0 } });
    }
    const [claim, flip, ...back] = await run.writes();
    expect([claim?.action, flip?.action]).toEqual(['claim', 'flip']);
    expect(new Set(back.map(({ action, percent }) => `${action} ${percent}`))).toEqual(new Set(['rollback 0']));
  });

  it('wins over a rollout of another id that owns the flag: that one halts as superseded', async () => {
    const watch = { everyMs: 600_000, guardMs: 100, checks: ['autosave-success'] };
    const run = await real.start(quickPlan({ watch, stages: [aLongHold(10), aLongHold(100)] }));
    await reaches(run, 'holding');
    const other = await real.env.client.workflow.start<typeof revert>('revert', {
      workflowId: rolloutWorkflowId('staging', `${key}-${run.taskQueue}`),
      taskQueue: run.taskQueue,
      args: [{ store: 'local', key, environment: 'staging', by: 'ola', reason: 'same file' }],
    });
    expect(await other.result()).toMatchObject({ outcome: 'rolled-back', receipt: { state: 'proven', by: 'ola' } });
    expect(await run.handle.result()).toMatchObject({ outcome: 'superseded' });
    expect(await percents(run)).toEqual([0, 10, 0]);
  });

  it('leaves a flag that the next rollout claims as any other', async () => {
    const run = await completed();
    await (await askToRevert(run)).result();
    const next = await real.env.client.workflow.start('rollout', {
      workflowId: run.handle.workflowId,
      taskQueue: run.taskQueue,
      args: [{ plan: quickPlan(), startedBy: 'dana' }],
    });
    expect(await next.result()).toMatchObject({ outcome: 'completed', percent: 100 });
    expect(await percents(run)).toEqual([0, 100, 0, 0, 100]);
  });
});

const takenBy = (owner: string) =>
  ({ key, owner, safeState: { percent: 0, set: {} }, fence: 0, asked: 'person', by: 'x', reason: 'x' }) as const;

describe('messages', () => {
  it('who and why: as the signal says, else as the start says, else nobody', async () => {
    const run = await completed();
    const said = async (message: unknown, input = {}) => {
      const { receipt } = await (await askToRevert(run, message, input)).result();
      return receipt === null ? null : `${receipt.by}: ${receipt.reason}`;
    };
    expect(await said({ by: 'ola', reason: 'slow' }, { by: 'kim' })).toBe('ola: slow');
    expect(await said(null, { by: 'kim', reason: 'slow' })).toBe('kim: slow');
    expect(await said(42, { by: 7, channels: 'all' })).toBe('somebody: no reason given');
  });

  it('answers with the receipt, and tolerates junk and cancellation, while the store is away', async () => {
    const run = await completed(quickPlan());
    run.state.beforeWrite = () => Promise.reject(new Error('away'));
    const handle = await askToRevert(run);
    const asked = handle.executeUpdate(requestRollbackUpdate, { args: [{ by: 'kim' }] });
    await expect.poll(async () => (await handle.query(statusQuery)).state, { timeout: 20_000 }).toBe('needs-a-human');
    await handle.signal(rollbackSignal, 'junk' as never);
    await handle.signal('go', { by: 'sam' });
    await handle.cancel();
    run.state.beforeWrite = () => Promise.resolve();
    expect(await asked).toMatchObject({ written: true, state: 'proven', by: 'ola' });
    expect(await handle.result()).toMatchObject({ outcome: 'rolled-back', percent: 0 });
    // Nobody said whom to tell, so everybody is told.
    expect(run.announcer.announcements.map(({ kind }) => kind)).toEqual(['needs-a-human', 'rolled-back']);
    await replay(await handle.fetchHistory(), handle.workflowId);
  });
});

describe('a mistake', () => {
  it.each([
    ['a flag that is not there', { key: 'reporting-unifed' }, 'has no flag reporting-unifed'],
    ['a store that no worker has', { store: 'lokal' }, 'No worker here has the flag store lokal'],
  ])('%s writes nothing, says so and ends, so that the right one can follow', async (_, input, said) => {
    const run = await completed();
    const result = await (await askToRevert(run, undefined, input)).result();
    expect(result).toMatchObject({ outcome: 'refused', receipt: { written: false } });
    expect(result.reason).toContain(said);
    expect(await percents(run)).toEqual([0, 100]);
    expect((await run.store.read('reporting-unifed')).exists).toBe(false);
    expect(await (await askToRevert(run)).result()).toMatchObject({ outcome: 'rolled-back' });
  });

  it('without a flag fails, and says what it needs', async () => {
    const run = await completed();
    await expect((await askToRevert(run, undefined, { key: '' })).result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('{"store": "id of a flag store", "key": "flag key"}') as string },
    });
  });
});

describe("Temporal's own command line", () => {
  it.each([
    ['signal-with-start', ['--signal-name', 'rollback', '--signal-input', '{"by": "ola", "reason": "errors"}']],
    ['start', []],
  ])('%s', async (command, signal) => {
    const run = await completed();
    const id = ['--workflow-id', run.handle.workflowId, '--type', 'revert', '--task-queue', run.taskQueue];
    const input = ['--input', JSON.stringify({ store: 'local', key, by: 'kim' })];
    await real.temporal(command, ...id, ...input, ...signal);
    const result = await real.env.client.workflow.getHandle<typeof revert>(run.handle.workflowId).result();
    expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { by: signal.length > 0 ? 'ola' : 'kim' } });
    const found = await real.temporal('list', '--query', `RolloutFlag = '${key}' AND WorkflowType = 'revert'`);
    expect(found).toContain(run.handle.workflowId);
  });
});
