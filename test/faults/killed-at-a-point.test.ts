/** The only worker dies by kill -9 at a named point of a flip; the next one goes on, and nothing happens twice. */
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { writePoints } from '../support/failpoints.js';
import { allFaults } from '../support/fault-time.js';
import { openFaultWorld, type FaultWorld } from '../support/fault-world.js';
import { faultyProcesses } from '../support/faulty-process.js';

type Point = (typeof writePoints)[number];

const { withFaultFile } = faultyProcesses();
let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld();
});
afterEach(() => world.endAll());
afterAll(() => world.close());

const cases: Partial<Record<Point, string>> = {
  'before-write': 'case 1: killed in a flip before its write: the next worker writes, once',
  'before-result':
    'case 2: killed after the write, before its answer: the next worker finds it written, and writes nothing',
  'before-rename':
    'case 3: killed between the temporary file and the rename: the old document stands, nothing is left over',
  'after-rename': 'case 46: killed after the rename, before it is sure to last: the document is whole',
};

/** All of them only where there is time: `npm run test:faults`. */
const points = writePoints.filter((point) => allFaults || ['before-write', 'before-result'].includes(point));

/** Killed there, the write has landed and its line in the log never comes. */
const unlogged: readonly Point[] = ['after-rename', 'before-folder-sync', 'before-log'];

it.each(points.map((point) => [cases[point] ?? `killed at flip:${point}`, point] as const))('%s', async (_, point) => {
  const faults = await withFaultFile(world.folder);
  const doomed = await world.startWorker(faults);
  await faults.order(`flip:${point}=kill`);
  const run = await world.start(aQuickPlan(`killed-${point}`));
  await doomed.ended;
  await world.startWorker();
  await run.until('asking');
  await run.rollBack();
  const { percents } = await run.end({ logMayMiss: true });
  expect(percents).toEqual(unlogged.includes(point) ? [0, 0] : [0, 10, 0]);
  const left = (await readdir(world.folder)).filter((file) => file.startsWith('flags.json'));
  expect(left.toSorted()).toEqual(['flags.json', 'flags.json.log.jsonl']);
});
