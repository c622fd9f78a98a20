/** Workflow code that was changed under an open rollout, on the real server: what an operator sees and can do. */
import { expect, it } from 'vitest';
import { reachOf } from '../../src/temporal-reach.js';
import { rollbackSignal, statusQuery } from '../../workflows/messages.js';
import { aLongHold } from '../support/a-guarded-plan.js';
import { aCheck, aPlan } from '../support/a-plan.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import type { RealRun } from '../support/run-real.js';

const real = realRollouts();

const plan = aPlan({
  watch: { everyMs: 600_000, guardMs: 1_000, checks: ['autosave-success'] },
  checks: { 'autosave-success': aCheck('autosave-success', { everyMs: 600_000 }) },
  stages: [aLongHold(10)],
});

it('case 19: code that does not fit holds the rollout where it is; break-glass works, and the old code goes on', async () => {
  const run = await real.start(plan);
  const { handle, state, store } = run;
  const original = state.code;
  const flag = () => store.read(plan.flag.key);
  await reaches(run, 'holding');

  state.code = original.replaceAll('.flipFlag(', '.readFlag(');
  expect(state.code).not.toBe(original);
  await run.offline(() => handle.signal(rollbackSignal, { by: 'dana', reason: 'enough' }));
  await expect.poll(() => failureOf(handle), { timeout: 20_000 }).toMatch(/TMPRL1100/);
  expect(await flag()).toMatchObject({ percent: 10 });
  const { client, address } = real.env;
  const reach = reachOf({ client, address, namespace: 'default', taskQueue: run.taskQueue }, () => Promise.resolve());
  const what = 'The status';
  const asked = reach.ask({
    what,
    limitMs: 2_000,
    answeredBy: handle.workflowId,
    run: () => handle.query(statusQuery),
  });
  // A worker runs, so it would be no help to start one.
  await expect(asked).rejects.toThrow(
    /^The status failed: the workers on .* cannot go on with .*TMPRL1100.*Start the version/,
  );

  const { owner, safeState, fence } = await flag();
  await store.writeSafeState({
    key: plan.flag.key,
    owner: 'break-glass:1',
    safeState: safeState!,
    fence,
    asked: 'person',
    by: 'erin',
    reason: 'the worker cannot',
  });
  expect(await flag()).toMatchObject({ percent: 0 });

  state.code = original;
  await run.offline(() => Promise.resolve());
  const { result } = await run.end();
  expect(result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  expect(owner).toContain(handle.workflowId);
  expect(await flag()).toMatchObject({ percent: 0 });
});

/** As `temporal workflow show` prints it. */
async function failureOf(handle: RealRun['handle']): Promise<string> {
  const { events } = await handle.fetchHistory();
  const failed = (events ?? []).findLast((event) => event.workflowTaskFailedEventAttributes != null);
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? '';
}
