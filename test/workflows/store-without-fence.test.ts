/** A rollback in a store in which a flip that was under way may still land after it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { longestFlipMs } from '../../src/core/write-times.js';
import { requestRollbackUpdate } from '../../workflows/messages.js';
import { aPlan } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await openTimeSkipping();
});
afterAll(() => env.teardown());

it('is proven only when none can be under way any more; one that lands meanwhile is taken back, and nobody is paged', async () => {
  const world = aWorld({ fence: false });
  let rollbacks = 0;
  world.state.act = async (what, work) => {
    const answer = await work();
    if (what === 'rollback') {
      rollbacks += 1;
      // A flip that was sent before the rollback lands after it was written and read back.
      if (rollbacks === 1) world.edit('reporting-unified', 10);
    }
    return answer;
  };
  const { result, audit } = await runDay(env, {
    plan: aPlan(),
    world,
    people: async (day) => {
      await day.until('holding');
      await day.send(requestRollbackUpdate, { by: 'ola', reason: 'pages are slow' });
    },
  });
  const { receipt } = result;
  if (receipt === null || !('state' in receipt)) return expect.unreachable('there is no receipt');
  expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 3 });
  const flips = world.store.writes.filter(({ action }) => action === 'rollback');
  expect(flips.map(({ before, percent, fence }) => [before, percent, fence])).toEqual([
    [10, 0, 2],
    [10, 0, 3],
  ]);
  const asked = audit.find(({ kind }) => kind === 'rollback')?.data as { askedAt: string };
  expect(Date.parse(receipt.provenAt ?? '') - Date.parse(asked.askedAt)).toBeGreaterThanOrEqual(longestFlipMs);
  expect(audit.filter(({ kind }) => kind === 'trouble').map(({ data }) => data)).toEqual([
    { what: 'The flag left its safe state after the rollback; it was written again.' },
  ]);
  expect(world.announcer.announcements.map(({ kind }) => kind)).not.toContain('needs-a-human');
});
