/** A worker that stands still and wakes too late, beside one that took over: only one of them may write. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { slowly } from '../support/fault-time.js';
import { openFaultWorld, type FaultWorld } from '../support/fault-world.js';
import { faultyProcesses } from '../support/faulty-process.js';

const { withFaultFile } = faultyProcesses();
let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld();
});
afterEach(() => world.endAll());
afterAll(() => world.close());

/** Minutes: the server hands tasks to the sleeper, too, until each has timed out. */
slowly.each([
  ['before-write', 'has nothing to write any more'],
  ['before-rename', 'does not land'],
])('case 4: a worker stopped in a flip at %s, overtaken by a second worker and a rollback, %s', async (point) => {
  const faults = await withFaultFile(world.folder);
  const old = await world.startWorker(faults);
  await faults.order(`flip:${point}*1=stop`);
  const run = await world.start(aQuickPlan(`overtaken-${point}`));
  await faults.hit(`flip:${point}`);
  await world.startWorker();
  await expect.poll(async () => (await run.writes()).at(-1)?.percent, { timeout: 200_000, interval: 200 }).toBe(10);
  await run.rollBack();
  await run.handle.result();
  old.child.kill('SIGCONT');
  // Awake, it goes on where it stood; whatever it does has been done before it ends.
  old.child.kill('SIGTERM');
  await old.ended;
  const { percents } = await run.end();
  expect(percents).toEqual([0, 10, 0]);
});

it('case 42: everything asleep for a while: a rollback sent meanwhile is done on waking, and nothing is caught up', async () => {
  const worker = await world.startWorker();
  const plan = aQuickPlan('asleep');
  const run = await world.start(aQuickPlan('asleep', { watch: { ...plan.watch, everyMs: 1_000 } }));
  await run.until('asking');
  worker.child.kill('SIGSTOP');
  await run.rollBack('woke up');
  // Longer than heartbeats, sticky timeout and several looks.
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  worker.child.kill('SIGCONT');
  const { percents, result, audit } = await run.end();
  expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'woke up' });
  expect(percents).toEqual([0, 10, 0]);
  const asked = audit.findIndex(({ kind, data }) => kind === 'message' && data['message'] === 'rollback');
  expect(audit.slice(asked).filter(({ kind }) => kind === 'verdict')).toEqual([]);
});
