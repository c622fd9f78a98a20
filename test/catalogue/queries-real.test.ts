/** Generated queries on a real Prometheus: what they say of good days, bad days, quiet nights and restarts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricsSource } from '../../src/adapters/metrics/metrics-source.js';
import { openPrometheus } from '../../src/adapters/metrics/prometheus.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { sliQueries } from '../../src/catalogue/sli-queries.js';
import { fillWindow } from '../../src/core/plan.js';
import type { Reading } from '../../src/core/sample.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';
import { openRealPrometheus, type RealPrometheus } from '../support/real-prometheus.js';

const catalogueText = `apiVersion: holdpoint/v1
kind: SliCatalogue
service: viewer
labels: [env, service]
slis:
  # Its failure series is missing until something fails.
  saves: { kind: ratio, events: saves_total, bad: { outcome: failure }, objective: 0.9 }
  save-errors: { kind: ratio, events: saves_total, bad: { outcome: failure }, measure: bad }
  save-good: { kind: ratio, events: saves_total, good: { outcome: success } }
  save-burn: { kind: burn-rate, of: saves, windows: [10s, 1m] }
  # Its failure series is there from the start, at a number that does not move.
  exports: { kind: ratio, events: exports_total, bad: { status: '~5..' } }
  pdf-exports: { kind: ratio, events: exports_total, bad: { status: '~5..' }, where: { format: pdf } }
  server-exports: { kind: ratio, events: exports_total, bad: { status: '~5..' }, where: { status: '~[25]..' } }
  # Nothing ever succeeded: there is no success series.
  starts: { kind: ratio, events: starts_total, good: { outcome: success } }
  start-success: { kind: ratio, events: starts_total, bad: { outcome: failure }, objective: 0.9 }
  start-errors: { kind: ratio, events: starts_total, bad: { outcome: failure }, measure: bad }
  start-burn: { kind: burn-rate, of: start-success, windows: [10s, 1m] }
  # Traffic that never stops, and fails for a while.
  calls: { kind: ratio, events: calls_total, bad: { outcome: failure }, objective: 0.9 }
  call-burn: { kind: burn-rate, of: calls, windows: [5s, 30s, 1m] }
  conflicts: { kind: rate, events: conflicts_total, per: 1m }
  conflicts-a-second: { kind: rate, events: conflicts_total, per: 1s }
  wait: { kind: quantile, histogram: wait_seconds, quantile: 0.9 }
  long-wait: { kind: quantile, histogram: long_wait_seconds, quantile: 0.9 }
  drafts: { kind: gauge, metric: drafts }
  oldest: { kind: gauge, metric: drafts, aggregate: max }
  nowhere: { kind: ratio, events: nowhere_total, bad: { outcome: failure } }
  nowhere-rate: { kind: rate, events: nowhere_total }
`;

/** Counters far from 0: the server guesses how much of a window a series covered, and a counter near 0 bends that. */
const counts: Record<string, number> = {};
const add = (series: string, by: number): void => {
  counts[series] = (counts[series] ?? 100_000) + by;
};
const ours = 'env="production",service="viewer"';
const saved = (outcome: string, pod: string): string => `saves_total{${ours},outcome="${outcome}",pod="${pod}"}`;
const exported = (status: number, format: string): string =>
  `exports_total{${ours},status="${status}",format="${format}"}`;
const started = `starts_total{${ours},outcome="failure"}`;
const called = (outcome: string): string => `calls_total{${ours},outcome="${outcome}"}`;
const waited = (le: string, pod: string): string => `wait_seconds_bucket{${ours},le="${le}",pod="${pod}"}`;

let callsFail = false;
let target: LocalServer;
let prometheus: RealPrometheus;
let source: MetricsSource;

/** The target is scraped one scrape after the other: when the next one comes, the last is stored. */
const scraped = (times: number): Promise<void> => target.asked(target.seen.length + times + 1);

async function measure(id: string, windowMs = 60_000): Promise<Reading> {
  const loaded = checkCatalogue(catalogueText, 'slis.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { value, events, newest } = sliQueries(id, loaded.catalogue, { environment: 'production' }).queries;
  const query = {
    id,
    value: fillWindow(value, windowMs),
    ...(events === undefined ? {} : { events: fillWindow(events, windowMs) }),
    ...(newest === undefined ? {} : { newest: fillWindow(newest, windowMs) }),
  };
  const readings = await source.measure([query], new Date().toISOString());
  return readings.get(id) ?? { kind: 'no-data' };
}

async function valueOf(id: string, windowMs?: number): Promise<{ readonly value: number; readonly events: number }> {
  const reading = await measure(id, windowMs);
  if (reading.kind !== 'value') throw new Error(`${id}: ${JSON.stringify(reading)}`);
  return { value: reading.value, events: reading.events ?? Number.NaN };
}

beforeAll(async () => {
  for (const pod of ['a', 'b']) {
    add(saved('success', pod), 0);
    for (const le of ['0.4', '0.8', '+Inf']) add(waited(le, pod), 0);
    add(`wait_seconds_count{${ours},pod="${pod}"}`, 0);
    add(`conflicts_total{${ours},pod="${pod}"}`, 0);
    counts[`drafts{${ours},pod="${pod}"}`] = pod === 'a' ? 3 : 4;
  }
  for (const format of ['pdf', 'csv']) for (const status of [200, 500, 503]) add(exported(status, format), 0);
  add(started, 0);
  for (const outcome of ['success', 'failure']) add(called(outcome), 0);
  for (const le of ['0.8', '+Inf']) add(`long_wait_seconds_bucket{${ours},le="${le}"}`, 0);
  add(`long_wait_seconds_count{${ours}}`, 0);
  // Another environment's failures are not ours.
  add('saves_total{env="staging",service="viewer",outcome="failure",pod="a"}', 0);
  target = await openLocalServer((response) => {
    add('saves_total{env="staging",service="viewer",outcome="failure",pod="a"}', 50);
    add(called(callsFail ? 'failure' : 'success'), 10);
    const page = Object.entries(counts).map(([series, count]) => `${series} ${count}\n`);
    response.writeHead(200, { 'content-type': 'text/plain' }).end(page.join(''));
  });
  prometheus = await openRealPrometheus(new URL(target.url).host);
  source = openPrometheus({ url: prometheus.url, timeoutMs: 10_000, staleAfterMs: 10_000, credentials: null });
  await scraped(3);
});
afterAll(async () => {
  await prometheus?.close();
  await target?.close();
});

describe.sequential('generated queries, in this order', () => {
  it('say nothing while there is no traffic, and never NaN', async () => {
    for (const id of [
      'saves',
      'save-errors',
      'save-good',
      'save-burn',
      'exports',
      'pdf-exports',
      'starts',
      'start-burn',
      'wait',
    ])
      expect([id, await measure(id)]).toEqual([id, { kind: 'no-data' }]);
  });

  it('say nothing of a metric that never was', async () => {
    expect(await measure('nowhere')).toEqual({ kind: 'no-data' });
    expect(await measure('nowhere-rate')).toEqual({ kind: 'no-data' });
  });

  it('say 0 of a rate that is 0, and add up what pods say', async () => {
    expect(await valueOf('conflicts')).toMatchObject({ value: 0 });
    expect(await valueOf('calls')).toMatchObject({ value: 1 });
    expect(await valueOf('call-burn')).toMatchObject({ value: 0 });
    expect(await valueOf('drafts')).toMatchObject({ value: 7 });
    expect(await valueOf('oldest')).toMatchObject({ value: 4 });
  });

  it('say all is well with traffic and no error, whether failure was ever counted or not', async () => {
    add(saved('success', 'a'), 300);
    add(saved('success', 'b'), 100);
    add(exported(200, 'pdf'), 40);
    add(exported(200, 'csv'), 40);
    await scraped(2);
    expect((await valueOf('saves')).value).toBe(1);
    expect((await valueOf('save-good')).value).toBe(1);
    expect((await valueOf('save-errors')).value).toBe(0);
    expect((await valueOf('save-burn')).value).toBe(0);
    expect((await valueOf('exports')).value).toBe(1);
    // The server stretches what it saw to the whole window, so the count is about right, and of all pods.
    expect((await valueOf('saves')).events).toBeGreaterThan(300);
  });

  it('count failures by label, by pattern, and where the catalogue says', async () => {
    add(saved('failure', 'b'), 0);
    await scraped(2);
    add(saved('failure', 'b'), 400);
    add(exported(500, 'pdf'), 20);
    add(exported(503, 'pdf'), 20);
    add(exported(500, 'csv'), 10);
    add(started, 100);
    for (const pod of ['a', 'b']) add(`conflicts_total{${ours},pod="${pod}"}`, 30);
    callsFail = true;
    await scraped(2);
    const { value } = await valueOf('saves');
    expect(value).toBeGreaterThan(0.3);
    expect(value).toBeLessThan(0.7);
    expect((await valueOf('save-errors')).value).toBeCloseTo(1 - value, 1);
    expect((await valueOf('exports')).value).toBeCloseTo(80 / 130, 1);
    expect((await valueOf('pdf-exports')).value).toBeCloseTo(40 / 80, 1);
    expect((await valueOf('server-exports')).value).toBeCloseTo((await valueOf('exports')).value, 6);
    // A tenth may fail, about half did.
    expect((await valueOf('save-burn')).value).toBeGreaterThan(3);
    expect((await valueOf('call-burn')).value).toBeGreaterThan(1);
    callsFail = false;
    // 60 in a minute, stretched over the part of it that the server did not see.
    const aMinute = (await valueOf('conflicts')).value;
    expect(aMinute).toBeGreaterThan(50);
    expect((await valueOf('conflicts-a-second')).value).toBeCloseTo(aMinute / 60, 0);
  });

  it('say that nothing works where nothing ever did', async () => {
    for (const [id, value] of [
      ['starts', 0],
      ['start-success', 0],
      ['start-errors', 1],
      ['start-burn', 10],
    ] as const)
      expect([id, (await valueOf(id)).value]).toEqual([id, value]);
  });

  it('find the quantile of all pods together', async () => {
    for (const pod of ['a', 'b']) {
      add(waited('0.8', pod), 100);
      add(waited('+Inf', pod), 100);
      add(`wait_seconds_count{${ours},pod="${pod}"}`, 100);
    }
    add(`long_wait_seconds_bucket{${ours},le="+Inf"}`, 100);
    add(`long_wait_seconds_count{${ours}}`, 100);
    await scraped(2);
    const { value, events } = await valueOf('wait');
    expect(value).toBeGreaterThan(0.7);
    expect(value).toBeLessThanOrEqual(0.8);
    expect(events).toBeGreaterThan(150);
    // Longer than the last bucket but one is told as that: a limit has to be below it.
    expect((await valueOf('long-wait')).value).toBe(0.8);
  });

  it('keep their senses when a pod begins again at 0', async () => {
    const before = await valueOf('saves');
    counts[saved('success', 'a')] = 0;
    await scraped(2);
    const after = await valueOf('saves');
    expect(after.value).toBeGreaterThan(0);
    expect(after.value).toBeLessThan(1);
    // Not a hundred thousand more, and not less than nothing.
    expect(after.events).toBeGreaterThan(0);
    expect(after.events).toBeLessThan(10 * before.events);
  });

  it('end a burn with its shortest window, while the long ones still burn', async () => {
    expect((await valueOf('calls')).value).toBeLessThan(0.95);
    expect((await valueOf('call-burn')).value).toBe(0);
  });

  it('tell a target that is gone from one that is well', async () => {
    for (const series of Object.keys(counts)) delete counts[series];
    await scraped(2);
    for (const id of ['saves', 'exports', 'wait', 'conflicts'])
      expect([id, await measure(id)]).toEqual([id, expect.objectContaining({ kind: 'unavailable', reason: 'stale' })]);
    expect(await measure('drafts')).toEqual({ kind: 'no-data' });
  });
});
