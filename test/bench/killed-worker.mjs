/** `kill -9` of the only worker in a hold, a new worker at once, and a rollback signal: until durable at 0. */
import { holdingPlan, openBenchMachine, untilHolding } from './bench-machine.mjs';
import { percentile } from './percentile.mjs';
import { untilAtZero } from './until-at-zero.mjs';
import { startWorkerProcess } from './worker-process.mjs';

const runs = 20;
const goalMs = 2_500;

const cases = [
  { name: 'gone', what: 'signal when the killed worker is gone' },
  // Until the system has closed the dying worker's connections, the server still hands tasks to it.
  { name: 'dying', what: 'signal in the very moment of the kill' },
];

export async function measureKilledWorker(closers) {
  const machine = await openBenchMachine(closers);
  let worker = startWorkerProcess(machine.config.file);
  await closers.add(() => worker.kill());
  await worker.ready;

  const measureOne = async (name, key) => {
    const rollout = await machine.client.start(holdingPlan(key), { by: 'bench' });
    await untilHolding(machine.client, rollout);
    const handle = machine.temporal.workflow.getHandle(rollout.rollout);
    const killedMs = Date.now();
    const gone = worker.kill();
    if (name === 'gone') await gone;
    worker = startWorkerProcess(machine.config.file);
    const sentMs = Date.now();
    await handle.signal('rollback', { by: 'bench', reason: 'measured' });
    const atZeroMs = await untilAtZero(machine.flagsPath, key);
    return { durableMs: atZeroMs - sentMs, upMs: (await worker.ready) - killedMs };
  };

  const rows = [];
  for (const { name, what } of cases) {
    const results = [];
    for (let count = 0; count < runs; count += 1) results.push(await measureOne(name, `flag-${name}-${count}`));
    const durable = results.map(({ durableMs }) => durableMs);
    const up = results.map(({ upMs }) => upMs);
    rows.push(
      { what: `${what} → durable at 0, p50`, value: percentile(durable, 0.5), unit: 'ms', atMost: goalMs },
      { what: `${what} → durable at 0, longest`, value: percentile(durable, 1), unit: 'ms', atMost: goalMs },
      { what: 'from the kill until the new worker ran, p50', value: percentile(up, 0.5), unit: 'ms', atMost: null },
      { what: 'from the kill until the new worker ran, longest', value: percentile(up, 1), unit: 'ms', atMost: null },
    );
  }
  await machine.disconnect();
  return rows;
}
