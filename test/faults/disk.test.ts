/** The flag document, or the disk under it, fails a real worker: nothing is half written, and a rollback goes on trying. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { allFaults, slowly } from '../support/fault-time.js';
import { openFaultWorld, type FaultWorld } from '../support/fault-world.js';
import { faultyProcesses } from '../support/faulty-process.js';

const { withFaultFile } = faultyProcesses();
let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld();
});
afterEach(() => world.endAll());
afterAll(() => world.close());

const troubles: readonly [string, string, string, string][] = [
  ['case 43: a full disk', 'before-sync', 'ENOSPC', 'the disk is full'],
  ['case 44: a disk that became read-only', 'before-write', 'EROFS', 'the file system is read-only'],
  ['case 44: rights that were taken away', 'before-write', 'EACCES', 'may not write'],
  ['case 45: a disk whose fsync fails', 'before-sync', 'EIO', 'the disk reports an error'],
];

it.each(allFaults ? troubles : troubles.slice(-1))(
  '%s: a rollback keeps trying, people are paged, and it is proven once there is a disk again',
  async (...[, point, code, says]) => {
    const faults = await withFaultFile(world.folder);
    await world.startWorker(faults);
    const run = await world.start(aQuickPlan(`rollback-${code}`));
    await run.until('asking');
    await faults.order(`rollback:${point}=fail:${code}`);
    await run.rollBack();
    await run.until('needs-a-human');
    expect((await run.writes()).at(-1)?.percent).toBe(10);
    await faults.order('');
    const { result, percents, audit } = await run.end();
    expect(result).toMatchObject({ outcome: 'rolled-back', receipt: { written: true, state: 'proven' } });
    expect(percents).toEqual([0, 10, 0]);
    expect(audit.find(({ kind }) => kind === 'trouble')?.data['what']).toContain(says);
  },
);

slowly('case 45: a flip whose fsync fails is not written, and is tried again', async () => {
  const faults = await withFaultFile(world.folder);
  await world.startWorker(faults);
  const run = await world.start(aQuickPlan('flip-EIO'));
  await run.until('asking');
  await faults.order('flip:before-sync*2=fail:EIO');
  await run.go();
  const { percents } = await run.end();
  expect(percents).toEqual([0, 10, 100]);
});

it('case 50: a document that somebody broke by hand: clients keep the last good rule, a rollback waits for it and is then proven', async () => {
  await world.startWorker();
  const run = await world.start(aQuickPlan('broken-by-hand'));
  await run.until('asking');
  const whole = await readFile(world.flags, 'utf8');
  const half = whole.slice(0, whole.length / 2);
  await writeFile(world.flags, half);
  await run.rollBack();
  await run.until('needs-a-human');
  // What is left of the flags of others is not overwritten.
  expect(await readFile(world.flags, 'utf8')).toBe(half);
  await writeFile(world.flags, whole);
  expect((await run.end({ brokenByHand: true })).percents).toEqual([0, 10, 0]);
});
