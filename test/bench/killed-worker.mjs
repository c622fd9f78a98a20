/** `kill -9` of the only worker in a hold, a new worker at once, and a rollback signal: until durable at 0. */
import { Client, Connection } from '@temporalio/client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openRolloutClient } from '../../dist/src/rollout-client.js';
import { holdingPlan, openBenchMachine, untilState } from './bench-machine.mjs';
import { percentile } from './percentile.mjs';

const runs = 20;
const cli = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** The signal comes so long after the kill. In the first instants the server still hands its task to the dead worker. */
const cases = [
  { what: 'signal half a second after the kill', afterMs: 500, goal: 'at most 2500 ms' },
  { what: 'signal in the very moment of the kill', afterMs: 0, goal: null },
];

export async function measureKilledWorker() {
  const machine = await openBenchMachine();
  const client = await openRolloutClient(machine.config.temporal);
  const connection = await Connection.connect({ address: machine.temporal.address });
  const temporal = new Client({ connection });
  let worker = await startWorkerProcess(machine.config.file);
  const rows = [];
  try {
    for (const { what, afterMs, goal } of cases) {
      const times = [];
      for (let count = 0; count < runs; count += 1) {
        const rollout = await client.start(holdingPlan(`flag-${afterMs}-${count}`), { by: 'bench' });
        await untilState(client, rollout, 'holding');
        const handle = temporal.workflow.getHandle(rollout.rollout);
        worker.kill('SIGKILL');
        const restarted = startWorkerProcess(machine.config.file);
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        const sentMs = Date.now();
        await handle.signal('rollback', { by: 'bench', reason: 'measured' });
        worker = await restarted;
        const { receipt } = await handle.result();
        times.push(Date.parse(receipt.writtenAt) - sentMs);
      }
      rows.push({ what: `${what} → durable at 0, p50`, value: percentile(times, 0.5), unit: 'ms', goal: null });
      rows.push({ what: `${what} → durable at 0, most`, value: percentile(times, 1), unit: 'ms', goal });
    }
  } finally {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await client.close();
    await connection.close();
    await machine.close();
  }
  return rows;
}

async function startWorkerProcess(config) {
  const child = spawn(process.execPath, [cli, 'worker', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('The worker runs.')) break;
  }
  child.stderr.resume();
  return child;
}
