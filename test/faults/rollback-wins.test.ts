/** Rollback against a crowd, a queue that is full, and workflow code that is broken. */
import { expect, it } from 'vitest';
import { readWrites } from '../support/read-writes.js';
import { WorkflowNotFoundError } from '@temporalio/client';
import { decideUpdate, requestRollbackUpdate, rollbackSignal } from '../../workflows/messages.js';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { slowly } from '../support/fault-time.js';
import { productionBundle, replay } from '../support/replay.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';

const real = realRollouts();

const key = 'reporting-unified';

const start = (): Promise<RealRun> => real.start(aQuickPlan(key));

it('case 15: a rollback asked for a hundred times is done once, and whoever waits gets the one receipt', async () => {
  const run = await start();
  await reaches(run, 'asking');
  const ask = () => run.handle.executeUpdate(requestRollbackUpdate, { args: [{ by: 'ola', reason: 'errors' }] });
  const signals = Array.from({ length: 95 }, (_, index) =>
    run.handle.signal(rollbackSignal, { by: `p${index}`, reason: 'errors' }).catch(() => undefined),
  );
  const [first, ...others] = await Promise.all([1, 2, 3, 4, 5].map(ask));
  await Promise.all(signals);
  expect(first).toMatchObject({ written: true, state: 'proven', percent: 0 });
  for (const other of others) expect(other).toEqual(first);
  expect((await run.end()).percents).toEqual([0, 10, 0]);
});

it('case 14: a rollback sent to a rollout that has ended is refused by the server and writes nothing', async () => {
  const run = await start();
  await reaches(run, 'asking');
  await run.rollBackNow();
  const { writes } = await run.end();
  await expect(run.rollBackNow()).rejects.toThrow(WorkflowNotFoundError);
  expect(await readWrites(run.flags)).toEqual(writes);
});

it('case 86: of twenty starts for one flag at once one is taken; another flag has its own', async () => {
  const start = (workflowId: string) =>
    real.env.client.workflow
      .start('rollout', { workflowId, taskQueue: 'nobody-works-here', args: [] })
      .then(() => 'started')
      .catch((error: Error) => error.name);
  const answers = await Promise.all(Array.from({ length: 20 }, () => start('rollout/production/one')));
  expect(answers.filter((answer) => answer === 'started')).toHaveLength(1);
  expect(answers.filter((answer) => answer === 'WorkflowExecutionAlreadyStartedError')).toHaveLength(19);
  expect(await start('rollout/production/another')).toBe('started');
});

it('case 18: more decisions at once than the server takes: some are refused, the rollback is not', async () => {
  const run = await start();
  await reaches(run, 'asking');
  const decide = (index: number) =>
    run.handle
      .executeUpdate(decideUpdate, { args: [{ decision: 'go', by: `p${index}`, role: 'nobody-has-it' }] })
      .then(({ accepted }) => (accepted ? 'accepted' : 'refused'))
      .catch(() => 'not taken');
  const answers = Array.from({ length: 60 }, (_, index) => decide(index));
  await run.rollBackNow();
  const { percents, result } = await run.end();
  expect(percents).toEqual([0, 10, 0]);
  expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { state: 'proven' } });
  expect(await Promise.all(answers)).not.toContain('accepted');
});

slowly(
  'case 11: a rollback that meets the claim or the first flip leaves the flag at 0, whichever is first',
  async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      const run = await start();
      await run.rollBackNow();
      const { percents, result } = await run.end();
      expect(result.outcome).toBe('rolled-back');
      expect(percents.at(-1) ?? 0).toBe(0);
    }
  },
);

/** The built workflow with one thing changed in it. */
function broken(from: string, to: string): string {
  const code = productionBundle();
  if (!code.includes(from)) throw new Error(`the bundle has no ${from}`);
  return code.replaceAll(from, to);
}

slowly(
  'case 19: code that an open rollout cannot go on with moves nothing; a replay finds it out, and the way back stays',
  async () => {
    const other = broken('.flipFlag(', '.flipTheFlag(');
    const run = await start();
    await reaches(run, 'asking');
    const history = await run.handle.fetchHistory();
    await expect(replay(history, run.handle.workflowId, other)).rejects.toThrow(/[Nn]ondeterminism/);
    await run.deploy(other);
    await run.handle.signal('go', { by: 'sam', role: 'release-manager' });
    await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'nothing moves' });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await run.store.read(key)).toMatchObject({ percent: 10 });
    await breakGlass(run);
    await run.deploy(productionBundle());
    const { percents, result } = await run.end();
    expect(result.outcome).toBe('rolled-back');
    expect(percents.slice(0, 3)).toEqual([0, 10, 0]);
    expect(percents).not.toContain(100);
  },
);

async function breakGlass(run: RealRun): Promise<void> {
  const { fence } = await run.store.read(key);
  const outcome = await run.store.writeSafeState({
    key,
    owner: 'break-glass:test',
    safeState: { percent: 0, set: {} },
    fence,
    asked: 'person',
    by: 'ola',
    reason: 'nothing moves',
  });
  expect(outcome).toMatchObject({ kind: 'written', receipt: { state: 'proven', percent: 0 } });
}

slowly('case 20: workflow code that throws is a rollback, not a rollout that hangs', async () => {
  const run = await start();
  await run.deploy(broken('function lookIsDue(run) {', "function lookIsDue(run) { throw new Error('poison');"));
  const result = await run.handle.result();
  expect(result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'unexpected: poison' });
  expect(await run.store.read(key)).toMatchObject({ percent: 0 });
});

it('case 20: workflow code whose every task fails moves nothing, and breaking the glass works beside it', async () => {
  const run = await start();
  await reaches(run, 'asking');
  await run.deploy(
    broken('function openRun({', "function openRun({ poison = (() => { throw new Error('poison'); })(),"),
  );
  await run.handle.signal('go', { by: 'sam', role: 'release-manager' });
  await breakGlass(run);
  await run.deploy(productionBundle());
  const { percents, result } = await run.end();
  expect(result.outcome).toBe('rolled-back');
  expect(percents.slice(0, 3)).toEqual([0, 10, 0]);
  expect(percents).not.toContain(100);
});
