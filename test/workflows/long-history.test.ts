/** A history that grows long: the rollout goes on in a new run, and nothing anybody sent or counted is lost. */
import { ServiceError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { commsWorkflowId } from '../../src/core/comms.js';
import type { DecideAnswer } from '../../src/core/rollout-shapes.js';
import { sendMessage } from '../../src/send-message.js';
import { reachOf } from '../../src/temporal-reach.js';
import type { comms } from '../../workflows/comms.js';
import { auditQuery, decideUpdate, rollbackSignal, statusQuery } from '../../workflows/messages.js';
import { aMessage } from '../support/a-message.js';
import { aLongHold } from '../support/a-guarded-plan.js';
import { aCheck, aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing } from '../support/a-world.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';
import { startWorkers } from '../support/temporal-env.js';

const real = realRollouts('limit.historyCount.suggestContinueAsNew=80');

const second = 1_000;

/** A look each half second: a history of 80 events is a matter of seconds. */
function chattyPlan(changes: Parameters<typeof aPlan>[0] = {}) {
  return aPlan({
    watch: { everyMs: second / 2, guardMs: 100, checks: ['autosave-success'] },
    checks: {
      'autosave-success': aCheck('autosave-success', { windowMs: 1, overlapMs: 50, everyMs: second / 2 }),
    },
    ...changes,
  });
}

const runIdOf = async (run: RealRun): Promise<string> =>
  (await real.env.client.workflow.getHandle(run.handle.workflowId).describe()).runId;

const isContinued = (run: RealRun) =>
  expect.poll(() => runIdOf(run), { timeout: 60_000, interval: 100 }).not.toBe(run.handle.firstExecutionRunId);

it('case 17: goes on with three hundred decisions in flight: each is answered, and counts once', async () => {
  const approvers = [
    { role: 'sre', count: 20 },
    { role: 'release-manager', count: 1 },
  ];
  const gate = aGate({ decision: aDecision({ approvers, deadlineMs: 600 * second }) });
  const run = await real.start(
    chattyPlan({
      stages: [
        { percent: 10, holdMs: 1.5 * second, gate },
        { percent: 100, holdMs: second, gate: aGate({ decision: null }) },
      ],
    }),
  );
  await reaches(run, 'asking');
  const before = await runIdOf(run);
  const send = async (by: string, role: string): Promise<DecideAnswer> => {
    for (;;) {
      try {
        const message = { decision: 'go', by, role, stage: 1 } as const;
        return await run.handle.executeUpdate(decideUpdate, { args: [message], updateId: by });
      } catch (error) {
        // The server takes ten at once and says so to the others, and those which a run had not taken when it went on
        // it gives back; anything else fails the test.
        const again = /RESOURCE_EXHAUSTED|update was aborted|unexpected workflow task failure/;
        if (!(error instanceof ServiceError) || !again.test(String(error.cause))) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => send(`person-${index}`, 'sre')));
  expect(await runIdOf(run)).not.toBe(before);
  expect(answers.filter(({ accepted }) => accepted)).toHaveLength(20);
  const refused = answers.filter(({ accepted }) => !accepted).map(({ reason }) => reason);
  expect(new Set(refused)).toEqual(new Set(['The sre seat at this gate is already filled.']));
  expect((await run.handle.query(statusQuery)).asked?.decisions).toHaveLength(20);
  await send('last', 'release-manager');
  const { result, audit, percents, runs } = await run.end();
  expect(result.outcome).toBe('completed');
  expect(percents).toEqual([0, 10, 100]);
  expect(runs).toBeGreaterThan(1);
  const decisions = audit.filter(({ kind }) => kind === 'decision').map(({ data }) => data['by']);
  expect(new Set(decisions).size).toBe(21);
  expect(decisions).toHaveLength(21);
}, 120_000);

it('a rollback sent around the moment of going on is never lost', async () => {
  const run = await real.start(chattyPlan({ stages: [aLongHold(10), aStage(100, 1)] }));
  await isContinued(run);
  // Until the next time it goes on, and then at once.
  const current = await runIdOf(run);
  await expect.poll(() => runIdOf(run), { timeout: 60_000, interval: 5 }).not.toBe(current);
  await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'at the turn' });
  const { result, percents } = await run.end();
  expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { written: true, state: 'proven', by: 'ola' } });
  expect(percents).toEqual([0, 10, 0]);
}, 120_000);

it('a refused Update that finds the history long, and leaves nothing in it, moves nothing', async () => {
  const everyMs = 600 * second;
  const run = await real.start(
    chattyPlan({
      watch: { everyMs, guardMs: 100, checks: ['autosave-success'] },
      checks: { 'autosave-success': aCheck('autosave-success', { everyMs }) },
      stages: [aLongHold(10), aStage(100, 1)],
    }),
  );
  await reaches(run, 'holding');
  // Junk alone makes it long, and after each piece comes such an Update: one of them is the first to see it.
  for (let count = 0; count < 19; count += 1) {
    await run.handle.signal('launch', { now: true });
    await expect(run.handle.executeUpdate(decideUpdate, { args: [{ decision: 'go', by: '' }] })).rejects.toThrow();
  }
  await run.offline(() => Promise.resolve());
  expect((await run.handle.query(statusQuery)).state).toBe('holding');
  // The next one wakes it to ask how long its history is.
  await run.handle.signal('launch', { now: true });
  await isContinued(run);
  await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' });
  expect((await run.end()).percents).toEqual([0, 10, 0]);
}, 120_000);

it('the guard counts on where it was: a breach that began before is found after', async () => {
  const run = await real.start(
    chattyPlan({
      watch: { everyMs: 60 * second, guardMs: 100, checks: ['autosave-success'] },
      checks: {
        'autosave-success': aCheck('autosave-success', {
          consecutive: 3,
          windowMs: 1,
          overlapMs: 4 * second,
          everyMs: 60 * second,
        }),
      },
      stages: [aLongHold(10), aStage(100, 1)],
    }),
  );
  await reaches(run, 'holding');
  let failed = 0;
  run.state.reading = () => {
    failed += 1;
    return failing;
  };
  // One of them, at least, is four seconds after the last healthy one, and counts.
  await expect.poll(() => failed, { timeout: 30_000 }).toBeGreaterThan(60);
  // Junk fills the history between two of the guard's counts.
  for (let count = 0; count < 60; count += 1) await run.handle.signal('noGo', {});
  await isContinued(run);
  const { result, audit, percents } = await run.end();
  expect(result.outcome).toBe('rolled-back');
  expect(percents).toEqual([0, 10, 0]);
  const breach = audit.find(({ kind }) => kind === 'breach');
  expect(breach?.data['samples']).toHaveLength(3);
  const samples = breach?.data['samples'] as readonly { at: string }[];
  const continued = audit.find(({ kind }) => kind === 'continued');
  expect(Date.parse(samples[0]?.at ?? '')).toBeLessThan(Date.parse(continued?.at ?? ''));
}, 120_000);

it('messages go on while four people send: each text is delivered once, and counts once', async () => {
  const world = aWorld();
  const workers = await startWorkers(real.env, { taskQueue: 'messages', activities: world.activities, cache: true });
  const place = { client: real.env.client, address: 'here', namespace: 'default', taskQueue: 'messages' };
  const reach = reachOf(place, () => Promise.resolve());
  const input = { environment: 'production', flag: 'saves' };
  const send = (text: string, nextUpdateAt: string | null = '2099-01-01T00:00:00.000Z') =>
    sendMessage(reach, input, aMessage({ notice: { moment: 'incident-update', text }, nextUpdateAt }));
  const sent = await Promise.all(
    ['mira', 'kim', 'ola', 'sam'].map(async (by) => {
      const texts = [1, 2, 3, 4, 5, 6].map((count) => `${by} is still at it, ${count}.`);
      for (const text of texts) expect(await send(text)).toMatchObject({ accepted: true, delivered: true });
      return texts;
    }),
  );
  const handle = real.env.client.workflow.getHandle<typeof comms>(commsWorkflowId(input));
  // The newest run has only what the archive may not have yet.
  const oldest = async () => (await handle.query(auditQuery))[0]?.kind;
  await expect.poll(oldest, { timeout: 30_000 }).not.toBe('started');
  await send('Over.', null);
  expect(await handle.result()).toMatchObject({ sent: 25 });
  expect(world.announcer.notices.map(({ text }) => text).toSorted()).toEqual([...sent.flat(), 'Over.'].toSorted());
  await workers.stop();
}, 120_000);
