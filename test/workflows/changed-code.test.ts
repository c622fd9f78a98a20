/** Workflow code that was changed under an open rollout, on the real server: what an operator sees and can do. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rollbackSignal, statusQuery } from '../../workflows/messages.js';
import { aCheck, aGate, aPlan } from '../support/a-plan.js';
import { openRealServer, startReal } from '../support/run-real.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openRealServer();
});
afterAll(() => env.teardown());

const plan = aPlan({
  watch: { everyMs: 600_000, guardMs: 1_000, checks: ['autosave-success'] },
  checks: { 'autosave-success': aCheck('autosave-success', { everyMs: 600_000 }) },
  stages: [{ percent: 10, holdMs: 600_000, gate: aGate() }],
});

it('case 19: code that does not fit holds the rollout where it is; break-glass works, and the old code goes on', async () => {
  const run = await startReal(env, plan);
  const { handle, state, store } = run;
  const original = state.code;
  const flag = () => store.read(plan.flag.key);
  try {
    await expect.poll(async () => (await handle.query(statusQuery)).state, { timeout: 20_000 }).toBe('holding');

    state.code = original.replaceAll('.flipFlag(', '.readFlag(');
    expect(state.code).not.toBe(original);
    await run.offline(() => handle.signal(rollbackSignal, { by: 'dana', reason: 'enough' }));
    await expect.poll(() => failureOf(handle), { timeout: 20_000 }).toMatch(/TMPRL1100/);
    expect(await flag()).toMatchObject({ percent: 10 });

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
  } finally {
    await run.close();
  }
});

/** As `temporal workflow show` prints it. */
async function failureOf(handle: Awaited<ReturnType<typeof startReal>>['handle']): Promise<string> {
  const { events } = await handle.fetchHistory();
  const failed = (events ?? []).findLast((event) => event.workflowTaskFailedEventAttributes != null);
  return failed?.workflowTaskFailedEventAttributes?.failure?.message ?? '';
}
