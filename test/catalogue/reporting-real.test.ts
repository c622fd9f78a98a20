/** The catalogue that comes along, against the metrics of the service that comes along. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/metrics/prometheus.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { sliQueries } from '../../src/catalogue/sli-queries.js';
import { fillWindow } from '../../src/core/plan.js';
import { countOperation, createTargetMetrics } from '../../src/demo/target/target-metrics.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';
import { openRealPrometheus, type RealPrometheus } from '../support/real-prometheus.js';

const endpoint = { endpoint: '/reports/:id', method: 'GET', status: 200 };
const metrics = createTargetMetrics({
  environment: 'production',
  service: 'viewer',
  flagKey: 'reporting-unified',
  endpoints: [endpoint],
  countDrafts: () => 5,
  countSessions: () => ({ online: 7, offline: 2 }),
});

/** Work of a good minute: each operation, quick and successful. */
function work(): void {
  for (const operation of ['autosave', 'export', 'finalize', 'sign'] as const)
    countOperation(metrics, { operation, variant: 'on', outcome: 'success', seconds: 0.3, format: 'csv' });
  metrics.requests.inc({ variant: 'on', ...endpoint, status: '200' }, 10);
  metrics.requestSeconds.observe({ variant: 'on', endpoint: endpoint.endpoint }, 0.3);
  metrics.versionConflicts.inc({ variant: 'on' }, 2);
  metrics.offlineEvents.inc({ variant: 'on' }, 2);
}

let catalogue: Catalogue;
let target: LocalServer;
let prometheus: RealPrometheus;

beforeAll(async () => {
  const loaded = checkCatalogue(await readFile('ops/slis/reporting.yaml', 'utf8'), 'ops/slis/reporting.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  ({ catalogue } = loaded);
  target = await openLocalServer((response) => {
    work();
    void metrics.registry.metrics().then((page) => response.writeHead(200, { 'content-type': 'text/plain' }).end(page));
  });
  prometheus = await openRealPrometheus(new URL(target.url).host);
  await target.asked(5);
});
afterAll(async () => {
  await prometheus?.close();
  await target?.close();
});

/** What a good minute reads as, by SLI: the least and the most. */
const good: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'autosave-success': [1, 1],
  'autosave-attempts': [1, 1_000],
  'autosave-burn-rate': [0, 0],
  'autosave-latency-p50': [0.2, 0.4],
  'autosave-latency-p95': [0.2, 0.4],
  'autosave-latency-p99': [0.2, 0.4],
  'api-latency-p50': [0.2, 0.4],
  'api-latency-p95': [0.2, 0.4],
  'api-latency-p99': [0.2, 0.4],
  'api-error-ratio': [0, 0],
  'version-conflicts': [1, 1_000],
  'export-error-ratio': [0, 0],
  'report-finalize-success': [1, 1],
  'report-sign-success': [1, 1],
  'report-finalize-rate': [1, 1_000],
  'report-sign-rate': [1, 1_000],
  offline: [1, 1_000],
  'active-reports': [5, 5],
  'online-sessions': [7, 7],
  'offline-sessions': [2, 2],
};

it('every SLI gives one fresh number, and the number of a good minute', async () => {
  expect(Object.keys(good).sort()).toEqual(Object.keys(catalogue.slis).sort());
  const source = openPrometheus({ url: prometheus.url, timeoutMs: 10_000, staleAfterMs: 10_000, credentials: null });
  const queries = Object.keys(catalogue.slis).map((id) => {
    const asked = Object.entries(sliQueries(id, catalogue, { environment: 'production' }).queries);
    return {
      id,
      value: '',
      ...Object.fromEntries(asked.map(([name, query]) => [name, fillWindow(String(query), 60_000)])),
    };
  });
  const readings = await source.measure(queries, new Date().toISOString());
  for (const [id, [least, most]] of Object.entries(good)) {
    const reading = readings.get(id);
    const value = reading?.kind === 'value' ? reading.value : reading;
    expect([id, value]).toEqual([id, expect.any(Number)]);
    expect([id, Number(value) >= least && Number(value) <= most, value]).toEqual([id, true, value]);
  }
});
