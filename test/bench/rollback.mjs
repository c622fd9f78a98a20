/** A signal sent → the flag durable at 0, beside a bare signal → activity workflow that writes as durably: in turns, one run. */
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openRolloutClient } from '../../dist/src/rollout-client.js';
import { startWorker } from '../../dist/src/worker.js';
import { holdingPlan, openBenchMachine, untilState } from './bench-machine.mjs';
import { percentile } from './percentile.mjs';

const runs = 100;
const silence = () => new Writable({ write: (_chunk, _encoding, done) => done() });

export async function measureRollback() {
  const machine = await openBenchMachine();
  const worker = await startWorker(machine.config, { env: process.env, talk: silence() });
  const client = await openRolloutClient(machine.config.temporal);
  const connection = await Connection.connect({ address: machine.temporal.address });
  const temporal = new Client({ connection });
  const bare = await startBare(machine);
  try {
    const rollouts = [];
    for (let count = 0; count < runs; count += 1) {
      rollouts.push(await client.start(holdingPlan(`flag-${count}`), { by: 'bench' }));
    }
    for (const rollout of rollouts) await untilState(client, rollout, 'holding');
    const bares = [];
    for (let count = 0; count < runs; count += 1) {
      bares.push(await temporal.workflow.start('bare', { workflowId: `bare-${count}`, taskQueue: 'bare' }));
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const [ours, theirs] = [[], []];
    for (const [index, rollout] of rollouts.entries()) {
      const handle = temporal.workflow.getHandle(rollout.rollout);
      const sentMs = Date.now();
      await handle.signal('rollback', { by: 'bench', reason: 'measured' });
      const { receipt } = await handle.result();
      ours.push(Date.parse(receipt.writtenAt) - sentMs);
      const bareSentMs = Date.now();
      await bares[index].signal('go');
      theirs.push((await bares[index].result()) - bareSentMs);
    }
    return [
      { what: 'rollback, p50', value: percentile(ours, 0.5), unit: 'ms', goal: null },
      { what: 'rollback, p99', value: percentile(ours, 0.99), unit: 'ms', goal: 'at most 100 ms' },
      { what: 'bare signal → activity, p50', value: percentile(theirs, 0.5), unit: 'ms', goal: null },
      { what: 'bare signal → activity, p99', value: percentile(theirs, 0.99), unit: 'ms', goal: null },
      {
        what: 'rollback ÷ bare, p50',
        value: percentile(ours, 0.5) / percentile(theirs, 0.5),
        unit: '×',
        goal: 'at most 1.5',
      },
      {
        what: 'rollback ÷ bare, p99',
        value: percentile(ours, 0.99) / percentile(theirs, 0.99),
        unit: '×',
        goal: 'at most 1.5',
      },
    ];
  } finally {
    await bare.stop();
    await client.close();
    await connection.close();
    await worker.stop();
    await worker.done;
    await machine.close();
  }
}

async function startBare({ dir, temporal: { address } }) {
  const quiet = () => undefined;
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: console.error };
  const workflowsPath = fileURLToPath(new URL('bare-workflow.mjs', import.meta.url)).replace(/\.mjs$/, '.mjs');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: 'bare',
    workflowBundle: { code },
    activities: { writeFile: () => writeDurably(join(dir, 'bare.json')) },
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** As the file store does: temp file, fsync, rename, directory fsync. The instant it was durable, in epoch milliseconds. */
async function writeDurably(path) {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx');
  await file.writeFile('{"flags":{}}\n');
  await file.sync();
  await file.close();
  await rename(temporary, path);
  const folder = await open(join(path, '..'), 'r');
  await folder.sync();
  await folder.close();
  return Date.now();
}
