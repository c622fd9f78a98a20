/** The audit that a replay makes is the one that was made before, to the byte: what an archive has of it must go on. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditQuery, rollbackSignal } from '../../workflows/messages.js';
import { aGuardedPlan } from '../support/a-guarded-plan.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { realRollouts, reaches } from '../support/real-rollouts.js';
import { goAt, runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

const real = realRollouts();
let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

const isRefused: { args: [unknown] } = { args: [{ decision: 'maybe' }] };

/** What a signal did in a task of its own is in the past when an Update that leaves no event makes the next task. */
async function junk(rollout: Day): Promise<void> {
  for (const now of ['yes', 'please']) {
    await rollout.handle.signal('launch', { now });
    await rollout.rest();
  }
  await expect(rollout.handle.executeUpdate('decide', isRefused)).rejects.toThrow();
}

it('behind a signal that was refused, before an Update that was', async () => {
  const day = await runDay(env, {
    plan: aPlan({ stages: [aStage(100, 1, aGate({ decision: null }))] }),
    world: aWorld(),
    people: async (rollout) => {
      await rollout.until('holding');
      await junk(rollout);
    },
  });
  expect(day.audit.filter(({ kind }) => kind === 'refusal')).toHaveLength(2);
});

it('behind an announcement that nobody took', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ channels: ['nowhere'], stages: [aStage(10, 1), aStage(100, 1)] }),
    world,
    people: async (rollout) => {
      await rollout.until('holding');
      await junk(rollout);
      await goAt(rollout, 1);
    },
  });
  expect(day.audit.filter(({ kind }) => kind === 'trouble').length).toBeGreaterThan(0);
});

it('on the real server: a refused Update and a signal that wait for the worker which comes', async () => {
  const run = await real.start(aGuardedPlan());
  const audit = () => run.handle.query(auditQuery);
  const refusals = (entries: Awaited<ReturnType<typeof audit>>) => entries.filter(({ kind }) => kind === 'refusal');
  await reaches(run, 'holding');
  for (const count of [1, 2]) {
    await run.handle.signal('launch', { now: true });
    await expect.poll(async () => refusals(await audit()).length, { timeout: 20_000 }).toBe(count);
  }
  const before = await audit();
  let refused: Promise<unknown> = Promise.resolve();
  await run.offline(async () => {
    refused = run.handle.executeUpdate('decide', isRefused).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await run.handle.signal('launch', { now: 'please' });
  });
  expect(await refused).toBeInstanceOf(Error);
  await expect.poll(async () => refusals(await audit()).length, { timeout: 20_000 }).toBe(3);
  expect((await audit()).slice(0, before.length)).toEqual(before);
  await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' });
  await run.end();
});
