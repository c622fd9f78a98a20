/** The catalogue that comes along, its rules and its dashboards, against the service that comes along and its metrics. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowInfo } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../src/adapters/metrics/prometheus.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { sliQueries } from '../../src/catalogue/sli-queries.js';
import { fillWindow } from '../../src/core/plan.js';
import { countOperation, createTargetMetrics } from '../../src/demo/target/target-metrics.js';
import { startTraffic, type Traffic } from '../../src/demo/traffic.js';
import { openTelemetry } from '../../src/telemetry.js';
import { aTarget, type TestTarget } from '../support/a-target.js';
import { chosen, dashboardNames, queriesOf, readDashboard } from '../support/dashboards.js';
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

/** The service itself, with people who use it: what the dashboards look at. */
const environment = 'staging';
const folder = 'ops/prometheus';

let catalogue: Catalogue;
let target: LocalServer;
let service: TestTarget;
let traffic: Traffic;
let prometheus: RealPrometheus;

/** A minute has fewer events than a day. */
const enoughBefore = / >= 20$/gm;

/** The committed ones in a hurry: each second instead of each half minute, and a baseline of seconds instead of days. */
async function hurriedRules(): Promise<Record<string, string>> {
  const names = ['reporting.rules.yaml', 'reporting.alerts.yaml', 'holdpoint.alerts.yaml'];
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const hurried = texts.map((text) =>
    text
      .replaceAll('interval: 30s', 'interval: 1s')
      .replaceAll('[1d] offset 1d', '[1m] offset 1s')
      .replaceAll(enoughBefore, ' > 0'),
  );
  expect(hurried[0]).not.toEqual(texts[0]);
  return Object.fromEntries(names.map((name, index) => [name, hurried[index] ?? '']));
}

const telemetry = openTelemetry();
const rollout = { workflowId: 'rollout/staging/f', runStartTime: new Date() } as WorkflowInfo;
const flag = { flag: 'f', environment };

/** A worker in the middle of a rollout that has had every sort of trouble. */
function play(scrapes: number): void {
  const { state, verdict, move, rollback, lookLateness, humanWait } = telemetry.sinks.telemetry;
  const percent = scrapes < 3 ? 10 : 25;
  void Promise.all([
    state.fn(rollout, { ...flag, state: 'rolling-back', intended: percent, observed: percent }),
    verdict.fn(rollout, { ...flag, outcome: 'pass' }),
    move.fn(rollout, { ...flag, move: 'advance' }),
    rollback.fn(rollout, { ...flag, phase: 'proven', seconds: 0.02 }),
    lookLateness.fn(rollout, { ...flag, seconds: 0.1 }),
    humanWait.fn(rollout, { ...flag, seconds: 40 }),
  ]);
  telemetry.adapterFailed('metrics', 'timeout');
  telemetry.orphans(0);
}

/** From the Temporal SDK, and only once something failed. */
const taskFailures = (scrapes: number): string =>
  `temporal_workflow_task_execution_failed_total{task_queue="holdpoint"} ${scrapes}\n`;

beforeAll(async () => {
  const loaded = checkCatalogue(await readFile('ops/slis/reporting.yaml', 'utf8'), 'ops/slis/reporting.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  ({ catalogue } = loaded);
  target = await openLocalServer((response) => {
    work();
    play(target.seen.length);
    void Promise.all([metrics.registry.metrics(), telemetry.render()]).then(([page, own]) =>
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(`${page}${own.text}${taskFailures(target.seen.length)}`),
    );
  });
  service = await aTarget(50, environment);
  traffic = startTraffic({ url: service.url, users: 60, requestsPerSecond: 100, seed: 3, forMs: 60_000 });
  prometheus = await openRealPrometheus(new URL(target.url).host, {
    targets: [new URL(service.url).host],
    rules: await hurriedRules(),
  });
  await target.asked(9);
});
afterAll(async () => {
  await traffic?.stop();
  await prometheus?.close();
  await service?.close();
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

interface Answer {
  readonly status: string;
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

async function ask(path: string, search: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(`${prometheus.url}${path}?${new URLSearchParams(search).toString()}`);
  return (await answer.json()) as Answer;
}

const values = { env: environment, environment: '.*', service: 'viewer', endpoint: '.*' };

describe.each(dashboardNames)('the dashboard %s', async (name) => {
  const dashboard = await readDashboard(name);

  it.each(queriesOf(dashboard))('%s has numbers', async (_, expr) => {
    const { status, data } = await ask('/api/v1/query', { query: chosen(expr, values) });
    expect(status).toBe('success');
    expect(data.result.length).toBeGreaterThan(0);
    for (const { value } of data.result) expect(Number(value[1])).not.toBeNaN();
  });

  const choices = dashboard.templating.list.flatMap(({ name: label, definition }) =>
    definition === undefined ? [] : [[label, definition] as const],
  );
  it.each(choices)('$%s has something to choose', async (label, definition) => {
    const [, metric = '', of = ''] = /^label_values\((.*), (\w+)\)$/.exec(definition) ?? [];
    expect(of).toBe(label);
    const { data } = (await ask(`/api/v1/label/${label}/values`, { 'match[]': chosen(metric, values) })) as unknown as {
      data: readonly string[];
    };
    expect(data.length).toBeGreaterThan(0);
  });
});

it('every recording rule says something of the service, and every alert can be asked', async () => {
  const { data } = (await ask('/api/v1/rules', {})) as unknown as {
    data: {
      groups: readonly { rules: readonly { name: string; type: string; health: string; lastError?: string }[] }[];
    };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(80);
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  const silent = await Promise.all(
    rules
      .filter(({ type }) => type === 'recording')
      .map(async ({ name }) => {
        const found = await ask('/api/v1/query', { query: `${name}{env="${environment}"}` });
        return found.data.result.length === 0 ? [name] : [];
      }),
  );
  expect(silent.flat()).toEqual([]);
});

it('the service keeps to the budget of labels', async () => {
  for (const [label, most] of Object.entries(catalogue.budget?.values ?? {})) {
    const query = `count(group by (${label}) ({${label}!="",env="${environment}"}))`;
    const { data } = await ask('/api/v1/query', { query });
    expect([label, Number(data.result[0]?.value[1]) <= most]).toEqual([label, true]);
  }
});
