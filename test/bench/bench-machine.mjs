/** Temporal's dev server, a flag file, and an HTTP server that always answers 1: what a worker needs, without traffic. */
import { Client, Connection } from '@temporalio/client';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../dist/src/config.js';
import { takeFolder } from '../../dist/src/dev/machine-folder.js';
import { startTemporal } from '../../dist/src/dev/temporal-server.js';
import { checkPlan } from '../../dist/src/plan/check-plan.js';
import { openRolloutClient } from '../../dist/src/rollout-client.js';

/**
 * @param {{ openServer?: (folder, closers) => Promise<{ address: string }>, documents?: number, worker?: object }} options
 *   - `documents`: flag documents, each a store `local`, `local-1`, …
 */
export async function openBenchMachine(closers, { openServer = openDevServer, documents = 1, worker = {} } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
  await closers.add(() => rm(dir, { recursive: true, force: true }));
  const folder = await takeFolder(dir);
  const server = await openServer(folder, closers);
  const one = await serveOne(closers);
  const stores = storesIn(folder, documents);
  const config = await writeConfig(folder, { address: server.address, url: one.url, stores, worker });
  const connection = await Connection.connect({ address: server.address });
  const client = await openRolloutClient(config.temporal);
  return {
    dir,
    flagsPath: folder.flagsPath,
    address: server.address,
    server,
    stores: Object.keys(stores),
    asks: one.asks,
    config,
    client,
    temporal: new Client({ connection }),
    /** For a benchmark that is done. No closer: a stopped one still has calls under way, and they would throw. */
    disconnect: async () => {
      await client.close();
      await connection.close();
    },
  };
}

async function openDevServer(folder, closers) {
  const server = await startTemporal(folder, (line) => console.error(line));
  await closers.add(() => server.process.stop());
  return server;
}

function storesIn({ path, flagsPath }, documents) {
  const names = Array.from({ length: documents }, (_, index) => (index === 0 ? 'local' : `local-${index}`));
  const pathOf = (name) => (name === 'local' ? flagsPath : join(path, `${name}.json`));
  return Object.fromEntries(names.map((name) => [name, { kind: 'file', path: pathOf(name) }]));
}

async function writeConfig(folder, { address, url, stores, worker }) {
  const config = {
    temporal: { address },
    flagStores: stores,
    metrics: { kind: 'prometheus', url },
    archive: { kind: 'directory', path: folder.archivePath },
    worker,
  };
  await writeFile(folder.configPath, JSON.stringify(config));
  const loaded = await loadConfig(folder.configPath, process.env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

async function serveOne(closers) {
  let asks = 0;
  const server = createServer((request, response) => {
    asks += 1;
    request.resume();
    request.on('end', () => {
      const result = [{ metric: {}, value: [Date.now() / 1_000, '1'] }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await closers.add(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asks: () => asks };
}

/** Ten percent for an hour, guarded every 15 seconds: it stays there until somebody takes it back. */
export function holdingPlan(key, { store = 'local', environment = 'bench', every = '15m' } = {}) {
  const checked = checkPlan(
    JSON.stringify({
      apiVersion: 'holdpoint/v1',
      kind: 'RolloutPlan',
      name: 'bench',
      flag: { store, environment, key },
      deadline: '4h',
      watch: { every, guard: '15s', checks: ['one'] },
      gate: { checks: ['one'] },
      stages: [
        { percent: 10, hold: '1h' },
        { percent: 100, hold: '1h' },
      ],
      checks: { one: { promql: 'one', min: 0.5, severity: 'rollback' } },
    }),
    'bench.json',
    null,
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.plan;
}

const limitMs = 60_000;

export async function untilHolding(client, rollout) {
  const endsAt = performance.now() + limitMs;
  let last = 'nothing';
  while (performance.now() < endsAt) {
    last = await client.status(rollout).then(
      ({ state }) => state,
      (error) => error.message,
    );
    if (last === 'holding') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${rollout.rollout} does not hold after ${limitMs / 1_000} s; the last answer was: ${last}`);
}
