/** What only the real server shows: a running guard, messages without a worker, Temporal's own command line. */
import { describe, expect, it } from 'vitest';
import {
  pauseUpdate,
  requestRollbackUpdate,
  resumeUpdate,
  retryGateUpdate,
  rollbackSignal,
  statusQuery,
} from '../../workflows/messages.js';
import { aGuardedPlan, aLongHold, aShortHold } from '../support/a-guarded-plan.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { failing, healthy } from '../support/a-world.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';

const real = realRollouts();

const start = (plan = aGuardedPlan()): Promise<RealRun> => real.start(plan);

const stateOf = async (run: RealRun) => (await run.handle.query(statusQuery)).state;

describe('the guard', () => {
  it('finds a breach in the middle of a hold, long before the next look', async () => {
    const run = await start();
    await reaches(run, 'holding');
    run.state.reading = () => failing;
    const { result, audit, percents } = await run.end();
    expect(result).toMatchObject({ outcome: 'rolled-back', percent: 0, receipt: { written: true, state: 'proven' } });
    expect(percents).toEqual([0, 10, 0]);
    const breach = audit.find(({ kind }) => kind === 'breach');
    expect(breach?.data).toMatchObject({ from: 'guard', confirmed: true });
    expect(breach?.data['samples']).toHaveLength(3);
  });

  it('does not wait for a smoke run that hangs', async () => {
    const stage = aLongHold(10, aGate({ smoke: ['reporting'] }));
    const run = await start(aGuardedPlan({ stages: [stage, aStage(100, 1)] }));
    run.state.smoke = () => new Promise(() => undefined);
    await reaches(run, 'holding');
    run.state.reading = () => failing;
    const { result, percents } = await run.end();
    expect(result.outcome).toBe('rolled-back');
    expect(percents).toEqual([0, 10, 0]);
  });

  it('nor does a no-go that rolls back, or a drift', async () => {
    const stages = [aShortHold(10, aGate({ smoke: ['reporting'] })), aStage(100, 1)];
    const { policy } = aPlan();
    const hangs = () => new Promise<never>(() => undefined);
    const saysNoGo = await start(aGuardedPlan({ stages }));
    await reaches(saysNoGo, 'asking');
    saysNoGo.state.smoke = hangs;
    await saysNoGo.handle.executeUpdate(retryGateUpdate, { args: [{ by: 'sam', reason: 'once more' }] });
    await saysNoGo.handle.signal('noGo', { by: 'sam', role: 'release-manager', reason: 'no' });
    expect((await saysNoGo.end()).percents).toEqual([0, 10, 0]);
    const drifts = await start(aGuardedPlan({ stages, policy: { ...policy, onDrift: 'roll-back' } }));
    drifts.state.smoke = hangs;
    await reaches(drifts, 'holding');
    const { owner, fence, revision } = await drifts.store.read('reporting-unified');
    const stranger = { key: 'reporting-unified', owner: owner ?? '', fence, expectedRevision: revision };
    await drifts.store.flip({ ...stranger, percent: 30, by: 'mallory', reason: 'by hand' });
    expect((await drifts.end()).percents).toEqual([0, 10, 30, 0]);
  });

  it('is not moved by two bad windows between good ones', async () => {
    let asked = 0;
    const run = await start();
    run.state.reading = () => ((asked += 1) % 4 < 2 ? failing : healthy);
    await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(20);
    expect(await stateOf(run)).toBe('holding');
    await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' });
    expect((await run.end()).result.reason).toBe('enough');
  });

  it("case 49: tells a stranger's write once, and the rollout pauses", async () => {
    const run = await start();
    await reaches(run, 'holding');
    const { owner, fence, revision } = await run.store.read('reporting-unified');
    const stranger = { key: 'reporting-unified', owner: owner ?? '', fence, expectedRevision: revision };
    await run.store.flip({ ...stranger, percent: 3, by: 'mallory', reason: 'by hand' });
    await reaches(run, 'paused');
    const { pending } = await countPending(run);
    expect(pending).toBeLessThanOrEqual(2);
    const before = (await run.handle.fetchHistory()).events?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await run.handle.fetchHistory()).events?.length).toBeLessThan(before + 15);
    await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'who was that' });
    expect((await run.end()).percents).toEqual([0, 10, 3, 0]);
  });
});

async function countPending(run: RealRun) {
  const { raw } = await run.handle.describe();
  return { pending: raw.pendingActivities?.length ?? 0 };
}

it('an answer lost between write and result is no second write', async () => {
  const run = await start(aGuardedPlan({ stages: [aShortHold(10), { ...aStage(100, 1), gate: aGate() }] }));
  await reaches(run, 'asking');
  let written = 0;
  let letGo = (): void => undefined;
  run.state.afterFlip = () => {
    written += 1;
    if (written > 1) return Promise.resolve();
    return new Promise((resolve) => {
      letGo = resolve;
    });
  };
  await run.handle.signal('go', { by: 'sam' });
  await expect.poll(() => written, { timeout: 20_000 }).toBe(2);
  letGo();
  await reaches(run, 'holding');
  await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'seen enough' });
  expect((await run.end()).percents).toEqual([0, 10, 100, 0]);
});

describe('messages', () => {
  it('whatever people write in them holds up no workflow task', async () => {
    const nasty = ['漢'.repeat(2_000), '\u0001"\\'.repeat(600), '👩‍👧'.repeat(500)];
    const run = await start();
    await reaches(run, 'holding');
    for (const reason of nasty) {
      await run.handle.executeUpdate(pauseUpdate, { args: [{ by: 'ola', reason }] });
      await reaches(run, 'paused');
      await run.handle.executeUpdate(resumeUpdate, { args: [{ by: 'ola', reason }] });
    }
    await run.handle.signal(rollbackSignal, { by: nasty[1]!.slice(0, 190), reason: nasty[1]! });
    expect((await run.end()).percents).toEqual([0, 10, 0]);
  });

  it('sent while no worker lives are obeyed when one does', async () => {
    const run = await start();
    await reaches(run, 'holding');
    await run.offline(() => run.handle.signal(rollbackSignal, { by: 'ola', reason: 'nobody was there' }));
    const { result, percents } = await run.end();
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'nobody was there' });
    expect(percents).toEqual([0, 10, 0]);
  });

  it.each([
    ['go, then rollback', ['go', 'rollback']],
    ['rollback, then go', ['rollback', 'go']],
  ])('case 10: %s in one workflow task: the flag goes down', async (_, order) => {
    const run = await start(aGuardedPlan({ stages: [aShortHold(10), aStage(100, 1)] }));
    await reaches(run, 'asking');
    await run.offline(async () => {
      for (const name of order) await run.handle.signal(name, { by: 'sam', role: 'release-manager' });
    });
    const { result, percents } = await run.end();
    expect(result.outcome).toBe('rolled-back');
    expect(percents).toEqual([0, 10, 0]);
  });

  it('a second rollback gets the receipt of the first', async () => {
    const run = await start();
    await reaches(run, 'holding');
    const ask = (by: string) =>
      run.handle.executeUpdate(requestRollbackUpdate, { args: [{ by, reason: `${by} saw errors` }] });
    const [first, second_] = await Promise.all([ask('ola'), ask('kim')]);
    expect(second_).toEqual(first);
    expect((await run.end()).percents).toEqual([0, 10, 0]);
  });
});

describe("Temporal's own command line", () => {
  const temporal = (run: RealRun, ...args: string[]) => real.temporal(...args, '--workflow-id', run.handle.workflowId);

  it('sends go, an Update, a query and rollback', async () => {
    const run = await start(aGuardedPlan({ stages: [aShortHold(10), { ...aStage(100, 1), gate: aGate() }] }));
    await reaches(run, 'asking');
    const refused = await temporal(
      run,
      'update',
      'execute',
      '--name',
      'decide',
      '--input',
      '{"decision":"go","by":"dana"}',
    );
    expect(refused).toContain('may not approve it');
    await temporal(run, 'signal', '--name', 'go', '--input', '{"by":"sam"}');
    await expect
      .poll(async () => (await run.handle.query(statusQuery)).percent.observed, { timeout: 20_000 })
      .toBe(100);
    expect(await temporal(run, 'query', '--type', 'why')).toContain('The hold is not over.');
    await temporal(run, 'signal', '--name', 'rollback');
    const { result, percents } = await run.end();
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'no reason given' });
    expect(percents).toEqual([0, 10, 100, 0]);
  });

  it('cancels: that is a rollback', async () => {
    const run = await start();
    await reaches(run, 'holding');
    await temporal(run, 'cancel');
    const { result } = await run.end();
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'the workflow was cancelled' });
  });
});
