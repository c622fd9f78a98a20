/** A flag store that cannot be read in a hold: people are told before a rollback needs it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { rollbackSignal } from '../../workflows/messages.js';
import { aPlan } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

it('is told once, stands in the status while it lasts, and each look notes it', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan: aPlan({ channels: ['room'] }),
    world,
    people: async (rollout) => {
      await rollout.until('holding');
      world.store.breakWith(new AdapterError('flag store local', 'corrupt', 'The document is broken.'));
      await env.sleep('40m');
      const { percent } = await rollout.status();
      expect(percent).toMatchObject({ intended: 10, observed: 10, unread: { problem: 'The document is broken.' } });
      expect(percent.unread?.since).not.toBe(percent.observedAt);
      world.store.breakWith(null);
      await env.sleep('20m');
      expect((await rollout.status()).percent).not.toHaveProperty('unread');
      await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' });
    },
  });
  const told = world.announcer.announcements.filter(({ kind }) => kind === 'warning');
  expect(told).toMatchObject([
    { what: 'The flag cannot be read.', why: 'The document is broken.', who: ['on-call'], percent: 10 },
  ]);
  const noted = day.audit.filter(({ data }) => data['what'] === 'the flag could not be read');
  expect(noted.length).toBeGreaterThan(1);
  expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
});
