/** What Temporal's own features are known to surprise with: repeated messages, resets, outages, work that will not stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { decideUpdate, requestRollbackUpdate, skipHoldUpdate, statusQuery } from '../../workflows/messages.js';
import type { rollout } from '../../workflows/rollout.js';
import { aGuardedPlan, aShortHold } from '../support/a-guarded-plan.js';
import { aDecision, aGate, aStage } from '../support/a-plan.js';
import { historyLines } from '../support/history-lines.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';
import { readWrites } from '../support/read-writes.js';

const real = realRollouts();

const second = 1_000;
const nobodyAsked = aGate({ decision: null });

const start = (changes: Parameters<typeof aGuardedPlan>[0]): Promise<RealRun> => real.start(aGuardedPlan(changes));

const lines = async (run: RealRun) => historyLines((await run.handle.fetchHistory()).events ?? []);

it('peer 57 (GrowthBook computeAutoAdvanceTarget): after an outage longer than every hold, no hold point was jumped and every hold is held', async () => {
  const run = await start({ stages: [aShortHold(10), aShortHold(50, nobodyAsked), aShortHold(100, nobodyAsked)] });
  await reaches(run, 'holding');
  await run.offline(() => sleep(5 * second));
  await reaches(run, 'asking');
  expect((await run.handle.query(statusQuery)).percent).toMatchObject({ intended: 10, observed: 10 });
  await run.handle.signal('go', { by: 'sam', role: 'release-manager', stage: 1 });
  const { audit, percents } = await run.end();
  expect(percents).toEqual([0, 10, 50, 100]);
  const flips = audit.filter(({ kind }) => kind === 'flip').map(({ at }) => Date.parse(at));
  const closed = Date.parse(audit.at(-1)?.at ?? '');
  for (const [index, begun] of flips.entries())
    expect((flips[index + 1] ?? closed) - begun).toBeGreaterThanOrEqual(1.5 * second);
});

it('peer 60 (Temporal update/deduplication, non_durable_reject, worker_restart, validation_replay): one vote however often it is sent, also over a restart; junk leaves no trace', async () => {
  const approvers = ['release-manager', 'sre', 'product'].map((role) => ({ role, count: 1 }));
  const gate = aGate({ decision: aDecision({ approvers }) });
  const run = await start({ stages: [aShortHold(10, gate), aShortHold(100, nobodyAsked)] });
  await reaches(run, 'asking');
  const vote = (by: string, role: string) =>
    run.handle.executeUpdate(decideUpdate, { args: [{ decision: 'go', by, role }], updateId: `vote-of-${by}` });
  const first = await vote('sam', 'sre');
  expect(first).toMatchObject({ accepted: true });
  expect(await vote('sam', 'sre')).toEqual(first);
  const before = (await run.handle.fetchHistory()).events?.length;
  await expect(run.handle.executeUpdate('decide', { args: [{ decision: 'maybe' }] })).rejects.toThrow();
  expect((await run.handle.fetchHistory()).events?.length).toBe(before);
  const waiting: ReturnType<typeof vote>[] = [];
  await run.offline(async () => {
    waiting.push(vote('kim', 'product'));
    await sleep(500);
  });
  expect(await Promise.all(waiting)).toMatchObject([{ accepted: true }]);
  expect(await vote('sam', 'sre')).toEqual(first);
  expect((await lines(run)).filter((line) => line.startsWith('update'))).toEqual(['update decide', 'update decide']);
  await vote('ida', 'release-manager');
  const { audit, percents } = await run.end();
  expect(audit.filter(({ kind }) => kind === 'decision').map(({ data }) => data['by'])).toEqual(['sam', 'kim', 'ida']);
  expect(audit.filter(({ kind }) => kind === 'refusal')).toEqual([]);
  expect(percents).toEqual([0, 10, 100]);
});

it('peer 62 (Temporal activity/cancel_try_cancel, heartbeating): a smoke run in progress is told to stop by a rollback, which does not wait for it', async () => {
  const run = await start({ stages: [aStage(10, 1, aGate({ smoke: ['reporting'] })), aStage(100, 1)] });
  run.state.smoke = () => new Promise(() => undefined);
  await expect.poll(() => lines(run), { timeout: 20_000 }).toContain('scheduled runSmoke');
  const receipt = await run.handle.executeUpdate(requestRollbackUpdate, { args: [{ by: 'ola', reason: 'errors' }] });
  expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0 });
  expect(await lines(run)).not.toContain('completed runSmoke');
  await expect.poll(() => run.state.smokeStopped, { timeout: 20_000 }).toBe(1);
  expect((await run.end()).percents).toEqual([0, 10, 0]);
});

it('peer 35 (Argo step plugin CompletesWhenPromotedAndStepRunning): a hold skipped while a smoke suite runs: the suite ends first and is run again at the hold point, before anything moves', async () => {
  const run = await start({ stages: [aStage(10, 1, aGate({ smoke: ['reporting'] })), aShortHold(100, nobodyAsked)] });
  let begun = 0;
  let letGo = (): void => undefined;
  run.state.smoke = () => {
    begun += 1;
    if (begun > 1) return Promise.resolve({ outcome: 'passed', steps: [] });
    return new Promise((resolve) => {
      letGo = () => resolve({ outcome: 'passed', steps: [] });
    });
  };
  await expect.poll(() => begun, { timeout: 20_000 }).toBe(1);
  // No gate can pass on less than a second.
  await sleep(1.5 * second);
  const skipped = await run.handle.executeUpdate(skipHoldUpdate, { args: [{ by: 'ola', reason: 'in a hurry' }] });
  expect(skipped).toMatchObject({ accepted: true });
  expect(await run.handle.executeUpdate(decideUpdate, { args: [{ decision: 'go', by: 'sam' }] })).toMatchObject({
    accepted: false,
  });
  letGo();
  await reaches(run, 'asking');
  expect(begun).toBe(2);
  await run.handle.signal('go', { by: 'sam' });
  const { audit, percents } = await run.end();
  expect(percents).toEqual([0, 10, 100]);
  expect(audit.filter(({ kind }) => kind === 'smoke').map(({ data }) => data['outcome'])).toEqual(['passed', 'passed']);
});

it('peer 63 (Temporal reset/reset_and_delete): a reset to an earlier moment never raises the percentage: the successor pauses or is refused, and it can be taken back', async () => {
  const run = await start({ stages: [aShortHold(10), aStage(50, 1), aStage(100, 1)] });
  await reaches(run, 'asking');
  await run.handle.signal('go', { by: 'sam', role: 'release-manager' });
  await expect.poll(async () => (await run.handle.query(statusQuery)).percent.observed, { timeout: 20_000 }).toBe(50);
  const successor = real.env.client.workflow.getHandle<typeof rollout>(run.handle.workflowId);
  const resetTo = async (eventId: unknown) => {
    const to = ['--event-id', String(eventId), '--reason', 'a mistake'];
    await real.temporal('reset', '--workflow-id', run.handle.workflowId, ...to);
  };
  const [first, ...later] = ((await run.handle.fetchHistory()).events ?? []).filter(
    ({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes != null,
  );
  const archived = () => [...run.archive.files].filter(([path]) => path.endsWith('audit.jsonl'));
  await expect.poll(() => archived().length, { timeout: 20_000 }).toBe(1);
  const before = archived();
  // After the claim and the flip to 10 %: the successor believes in 10 and finds 50.
  await resetTo(later[1]?.eventId);
  await expect
    .poll(async () => (await successor.query(statusQuery)).next.sentence, { timeout: 20_000 })
    .toBe('Somebody changed the flag: it is at 50 %, not at the 10 % we proved.');
  await successor.executeUpdate(decideUpdate, { args: [{ decision: 'go', by: 'kim' }] });
  expect((await successor.query(statusQuery)).state).toBe('paused');
  // Before the claim: the successor asks for a flag at 0.
  await resetTo(first?.eventId);
  await expect
    .poll(async () => (await successor.query(statusQuery)).next.sentence, { timeout: 20_000 })
    .toBe('The flag is at 50 %, not at 0 %: take it back to 0 first.');
  expect(await successor.query(statusQuery)).toMatchObject({ state: 'refused', percent: { observed: 50 } });
  // What was archived of the run that was reset stays as it was.
  expect(archived()).toEqual(before);
  expect((await readWrites(run.flags)).map(({ percent }) => percent)).toEqual([0, 10, 50]);
  const back = { owner: 'break-glass:ola', fence: 0, asked: 'person', by: 'ola', reason: 'who did that' } as const;
  const safe = { key: 'reporting-unified', safeState: { percent: 0, set: {} }, ...back } as const;
  expect(await run.store.writeSafeState(safe)).toMatchObject({ record: { percent: 0 } });
});
