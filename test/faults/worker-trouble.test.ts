/** A worker that is away, asked to end, starved, out of memory or out of files: the flag is never left to chance. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aGate } from '../support/a-plan.js';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { slowly } from '../support/fault-time.js';
import { openFaultWorld, type FaultRun, type FaultWorld } from '../support/fault-world.js';
import { faultyProcesses } from '../support/faulty-process.js';

const { withFaultFile, withClock } = faultyProcesses();
let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld();
});
afterEach(() => world.endAll());
afterAll(() => world.close());

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const unasked = aGate({ decision: null });

async function atTheGate(key: string): Promise<FaultRun> {
  const run = await world.start(aQuickPlan(key));
  await run.until('asking');
  return run;
}

slowly(
  'case 5: a worker that was away for several holds catches nothing up: each stage is held and judged in its own time',
  async () => {
    const first = await world.startWorker();
    const holdMs = 2_000;
    const run = await world.start(
      aQuickPlan('away', { stages: [10, 50, 100].map((percent) => ({ percent, holdMs, gate: unasked })) }),
    );
    await run.until('holding');
    first.child.kill('SIGKILL');
    await first.ended;
    await sleep(4 * holdMs);
    await world.startWorker();
    const { percents, audit } = await run.end();
    expect(percents).toEqual([0, 10, 50, 100]);
    const [, fifty, hundred] = audit.filter(({ kind }) => kind === 'flip').map(({ at }) => Date.parse(at));
    expect(hundred! - fifty!).toBeGreaterThanOrEqual(holdMs);
  },
);

it('case 85: SIGTERM in the middle of a flip: the flip is finished or handed over, and the worker ends with 0', async () => {
  const faults = await withFaultFile(world.folder);
  const worker = await world.startWorker(faults);
  const run = await atTheGate('asked-to-end');
  await faults.order('flip:before-rename=sleep:800');
  await run.go();
  await faults.hit('flip:before-rename');
  worker.child.kill('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  await faults.order('');
  await world.startWorker();
  expect((await run.end()).percents).toEqual([0, 10, 100]);
});

slowly('case 82: a worker that runs out of memory while people are asked: the next one does the rollback', async () => {
  const faults = await withFaultFile(world.folder);
  const { NODE_OPTIONS = '' } = faults.env;
  const small = { env: { ...faults.env, NODE_OPTIONS: `${NODE_OPTIONS} --max-old-space-size=160` } };
  const worker = await world.startWorker(small);
  const run = await atTheGate('out-of-memory');
  await faults.order('rollback:before=fill-memory');
  await run.rollBack();
  const { code, stderr } = await worker.ended;
  expect(code).not.toBe(0);
  expect(stderr).toContain('heap out of memory');
  await world.startWorker();
  expect((await run.end()).percents).toEqual([0, 10, 0]);
});

slowly(
  'case 84: no file can be opened any more: the write fails, the worker ends, and the next one does the rollback',
  async () => {
    const faults = await withFaultFile(world.folder);
    const worker = await world.startWorker({ ...faults, limits: 'ulimit -n 256' });
    const run = await atTheGate('out-of-files');
    await faults.order('rollback:before=fill-files:60000');
    await run.rollBack();
    // Node itself cannot go on without files: it aborts.
    const { code, stderr } = await worker.ended;
    expect(code).not.toBe(0);
    expect(stderr).toContain('An adapter failed');
    expect(stderr).toContain('too many open files');
    expect((await run.writes()).at(-1)?.percent).toBe(10);
    await world.startWorker();
    expect((await run.end()).percents).toEqual([0, 10, 0]);
  },
);

slowly('case 83: no processor to be had: a rollback is still taken and proven', async () => {
  await world.startWorker();
  const run = await atTheGate('starved');
  // They end by themselves, whatever becomes of this test.
  const busy = `const end = Date.now() + 20_000; while (Date.now() < end);`;
  const hogs: ChildProcess[] = [1, 2, 3, 4].map(() => spawn(process.execPath, ['-e', busy], { stdio: 'ignore' }));
  try {
    await run.rollBack();
    expect((await run.end()).percents).toEqual([0, 10, 0]);
  } finally {
    for (const hog of hogs) {
      const ended = once(hog, 'exit');
      if (hog.kill('SIGKILL')) await ended;
    }
  }
});

it('case 39: a worker whose clock is an hour ahead: the same rollout as ever', async () => {
  await world.startWorker(withClock(3_600_000));
  const run = await atTheGate('clock-ahead');
  await run.go();
  expect((await run.end()).percents).toEqual([0, 10, 100]);
});

slowly(
  'case 39: a worker whose clock is an hour behind: its evidence is too old to rise on, and it does not look all the time',
  async () => {
    await world.startWorker(withClock(-3_600_000));
    const run = await atTheGate('clock-behind');
    await run.go();
    await sleep(12_000);
    expect(await run.status()).toMatchObject({ stage: 1, next: { move: 'wait' }, percent: { observed: 10 } });
    await run.rollBack();
    const { percents, audit } = await run.end();
    expect(percents).toEqual([0, 10, 0]);
    expect(audit.filter(({ kind }) => kind === 'verdict').length).toBeLessThan(10);
  },
);
