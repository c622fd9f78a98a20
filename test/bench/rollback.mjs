/** A signal sent → the flag durable at 0, beside a bare signal → activity workflow that writes as durably: in turns, one run. */
import { Writable } from 'node:stream';
import { startWorker } from '../../dist/src/worker.js';
import { bareQueue, startBareWorker } from './bare-worker.mjs';
import { holdingPlan, openBenchMachine, untilHolding } from './bench-machine.mjs';
import { percentile } from './percentile.mjs';
import { within } from './within.mjs';

const runs = 100;
const silence = () => new Writable({ write: (_chunk, _encoding, done) => done() });

export async function measureRollback(closers) {
  const machine = await openBenchMachine(closers);
  const worker = await startWorker(machine.config, { env: process.env, talk: silence() });
  await closers.add(() => worker.stop());
  await startBareWorker(machine, closers);
  const pairs = await openPairs(machine);
  // Their last announcements and records are out of the way then.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const [ours, proven, theirs] = [[], [], []];
  for (const { rollout, bare } of pairs) {
    const sentMs = Date.now();
    await rollout.signal('rollback', { by: 'bench', reason: 'measured' });
    const { receipt } = await within(rollout.result(), `The end of ${rollout.workflowId}`);
    ours.push(Date.parse(receipt.writtenAt) - sentMs);
    proven.push(Date.parse(receipt.provenAt) - sentMs);
    const bareSentMs = Date.now();
    await bare.signal('go');
    theirs.push((await within(bare.result(), `The end of ${bare.workflowId}`)) - bareSentMs);
  }
  await machine.disconnect();
  return rowsOf(ours, proven, theirs);
}

/** All rollouts in a hold with their guards, all bare workflows waiting for their signal. */
async function openPairs({ client, temporal }) {
  const rollouts = [];
  for (let count = 0; count < runs; count += 1) {
    rollouts.push(await client.start(holdingPlan(`flag-${count}`), { by: 'bench' }));
  }
  const pairs = [];
  for (const [count, rollout] of rollouts.entries()) {
    await untilHolding(client, rollout);
    const bare = await temporal.workflow.start('bare', { workflowId: `bare-${count}`, taskQueue: bareQueue });
    pairs.push({ rollout: temporal.workflow.getHandle(rollout.rollout), bare });
  }
  return pairs;
}

function rowsOf(ours, proven, theirs) {
  const figure = (what, values, goals) =>
    [0.5, 0.99].map((share) => ({
      what: `${what}, p${share * 100}`,
      value: percentile(values, share),
      unit: 'ms',
      atMost: goals[share] ?? null,
    }));
  const ratios = [0.5, 0.99].map((share) => ({
    what: `rollback ÷ bare, p${share * 100}`,
    value: percentile(ours, share) / percentile(theirs, share),
    unit: '×',
    atMost: 1.5,
  }));
  return [
    ...figure('rollback signal → durable at 0', ours, { 0.99: 100 }),
    ...figure('rollback signal → proven by reading back', proven, {}),
    ...figure('bare signal → activity has written', theirs, {}),
    ...ratios,
  ];
}
