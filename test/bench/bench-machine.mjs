/** Temporal's dev server, a flag file, and an HTTP server that always answers 1: what a worker needs, without traffic. */
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../dist/src/config.js';
import { takeFolder } from '../../dist/src/dev/machine-folder.js';
import { startTemporal } from '../../dist/src/dev/temporal-server.js';
import { checkPlan } from '../../dist/src/plan/check-plan.js';

export async function openBenchMachine() {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
  const folder = await takeFolder(dir);
  const temporal = await startTemporal(folder, (line) => console.error(line));
  const metrics = await serveOne();
  await writeFile(
    folder.configPath,
    JSON.stringify({
      temporal: { address: temporal.address },
      flagStores: { local: { kind: 'file', path: folder.flagsPath } },
      metrics: { kind: 'prometheus', url: metrics.url },
      archive: { kind: 'directory', path: folder.archivePath },
    }),
  );
  const loaded = await loadConfig(folder.configPath, process.env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return {
    dir,
    config: loaded.config,
    temporal,
    close: async () => {
      await temporal.process.stop();
      metrics.server.close();
      metrics.server.closeAllConnections();
      await folder.release();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function serveOne() {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const result = [{ metric: {}, value: [Date.now() / 1_000, '1'] }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Ten percent for an hour, guarded every 15 seconds: it stays there until somebody takes it back. */
export function holdingPlan(key) {
  const checked = checkPlan(
    JSON.stringify({
      apiVersion: 'holdpoint/v1',
      kind: 'RolloutPlan',
      name: 'bench',
      flag: { store: 'local', environment: 'bench', key },
      deadline: '4h',
      watch: { every: '15m', guard: '15s', checks: ['one'] },
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

/** Polls until the rollout is in a state. */
export async function untilState(client, rollout, state) {
  for (;;) {
    const status = await client.status(rollout).catch(() => null);
    if (status?.state === state) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
