/** What a rollout makes of a break-glass: it is adopted, proven and reviewed; a flag that left the safe state goes back. */
import { expect, it } from 'vitest';
import { breakGlassOwner } from '../../src/core/flag-record.js';
import { reviewItem, reviewWorkflowId } from '../../src/core/review.js';
import { attestUpdate, auditQuery, rollbackSignal } from '../../workflows/messages.js';
import { reviewStatusQuery } from '../../workflows/review-messages.js';
import { aLongHold } from '../support/a-guarded-plan.js';
import { aPlan } from '../support/a-plan.js';
import { replay } from '../support/replay.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';

const real = realRollouts();

const key = 'reporting-unified';
let breaks = 0;

async function holding(guardMs: number): Promise<RealRun> {
  const watch = { everyMs: 600_000, guardMs, checks: ['autosave-success'] };
  const run = await real.start(aPlan({ watch, stages: [aLongHold(10), aLongHold(100)], channels: ['room'] }));
  await reaches(run, 'holding');
  return run;
}

async function breakGlass(run: RealRun) {
  breaks += 1;
  const note = { id: `${process.pid}-${breaks}`, environment: 'production', by: 'ola', reason: 'down' };
  const broken = { ...note, at: new Date().toISOString() };
  const owner = breakGlassOwner(broken);
  await run.store.writeSafeState({
    key,
    owner,
    safeState: null,
    fence: 0,
    asked: 'person',
    ...note,
    breakGlass: broken,
  });
  const input = { store: 'local', key, breakGlass: broken };
  return { owner, input, review: real.env.client.workflow.getHandle(reviewWorkflowId(input)) };
}

const percents = async (run: RealRun) => (await run.writes()).map(({ percent }) => percent);

it('is adopted without another write, with its receipt; the review outlives the rollout', async () => {
  const run = await holding(100);
  const { input, review, owner } = await breakGlass(run);
  const result = await run.handle.result();
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    reason: 'ola took the flag back without Temporal: down',
    receipt: { written: true, state: 'proven', percent: 0, fence: 2, by: 'ola', writtenAt: input.breakGlass.at },
  });
  expect(await percents(run)).toEqual([0, 10, 0]);
  const audit = await run.handle.query(auditQuery);
  expect(audit.find(({ kind }) => kind === 'rollback')?.data).toMatchObject({ adopted: owner });
  expect(audit.filter(({ kind }) => kind === 'trouble')).toEqual([]);
  await replay(await run.handle.fetchHistory(), run.handle.workflowId);
  expect(await review.query(reviewStatusQuery)).toMatchObject({ state: 'asking', brokenBy: 'ola', flag: key });
  expect((await review.describe()).memo).toMatchObject({ by: 'ola', reason: 'down' });
  await review.executeUpdate(attestUpdate, { args: [{ item: reviewItem, by: 'kim' }] });
  expect(await review.result()).toMatchObject({ outcome: 'reviewed', by: 'kim' });
});

it('that somebody undid is done again: whoever broke the glass wanted the flag at 0', async () => {
  const run = await holding(100);
  await run.offline(async () => {
    const { owner } = await breakGlass(run);
    const { fence, revision } = await run.store.read(key);
    await run.store.flip({ key, percent: 30, owner, fence, expectedRevision: revision, by: 'mallory', reason: 'up' });
  });
  const result = await run.handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { written: true, state: 'proven', percent: 0 } });
  expect(await percents(run)).toEqual([0, 10, 0, 30, 0]);
});

it('before somebody asks for a rollback is reviewed all the same, once', async () => {
  const run = await holding(600_000);
  const { input, review } = await breakGlass(run);
  await real.env.client.workflow.start('review', {
    workflowId: review.workflowId,
    taskQueue: run.taskQueue,
    args: [input],
  });
  await run.handle.signal(rollbackSignal, { by: 'kim', reason: 'me too' });
  expect(await run.handle.result()).toMatchObject({ outcome: 'rolled-back', receipt: { by: 'kim', fence: 3 } });
  const audit = await run.handle.query(auditQuery);
  expect(audit.filter(({ kind }) => kind === 'trouble')).toEqual([]);
  expect(await review.query(reviewStatusQuery)).toMatchObject({ state: 'asking' });
  await replay(await run.handle.fetchHistory(), run.handle.workflowId);
});
