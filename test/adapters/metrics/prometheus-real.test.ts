/** The Prometheus source against a real Prometheus that scrapes a small local exporter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricsQuery, MetricsSource } from '../../../src/adapters/metrics/metrics-source.js';
import { openPrometheus } from '../../../src/adapters/metrics/prometheus.js';
import { metricsSourceContract } from '../../support/contracts/metrics-source-contract.js';
import { openLocalServer, type LocalServer } from '../../support/local-server.js';
import { openRealPrometheus, type RealPrometheus } from '../../support/real-prometheus.js';

const page = [
  'autosave_attempts_total{outcome="success",pod="a"} 3990',
  'autosave_attempts_total{outcome="failure",pod="a"} 10',
  'autosave_attempts_total{outcome="success",pod="b"} 1000',
  'queue_depth NaN',
  '',
].join('\n');

let exporter: LocalServer;
let prometheus: RealPrometheus;
const open = (): MetricsSource =>
  openPrometheus({ url: prometheus.url, timeoutMs: 10_000, staleAfterMs: 90_000, credentials: null });

beforeAll(async () => {
  exporter = await openLocalServer((response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(page));
  prometheus = await openRealPrometheus(new URL(exporter.url).host);
  // One target is scraped one scrape after the other: when the second comes, the first is stored.
  await exporter.asked(2);
});
afterAll(async () => {
  await prometheus?.close();
  await exporter?.close();
});

metricsSourceContract('a real Prometheus', () => Promise.resolve({ source: open(), close: () => Promise.resolve() }));

describe('a real Prometheus', () => {
  const now = (): string => new Date().toISOString();
  const readOne = async (query: Omit<MetricsQuery, 'id'>, at = now()) =>
    (await open().measure([{ id: 'one', ...query }], at)).get('one');
  const age = 'max(timestamp(autosave_attempts_total))';

  it('gives scraped numbers with their event counts', async () => {
    const bad = 'sum(autosave_attempts_total{outcome="failure"})';
    const all = 'sum(autosave_attempts_total)';
    expect(await readOne({ value: `1 - ${bad} / ${all}`, events: all, newest: age })).toEqual({
      kind: 'value',
      value: 0.998,
      raw: '0.998',
      events: 5000,
    });
  });

  it('calls samples stale once they are older than the limit', async () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toISOString();
    expect(await readOne({ value: 'sum(autosave_attempts_total)', newest: age }, inTwoMinutes)).toMatchObject({
      kind: 'unavailable',
      reason: 'stale',
      detail: expect.stringMatching(/^the newest sample is (1 min \d+ s|2 min( \d+ s)?) old, the limit is 1 min 30 s$/),
    });
  });

  it('names the series when there are several', async () => {
    expect(await readOne({ value: 'autosave_attempts_total' })).toMatchObject({
      kind: 'invalid',
      reason: 'several-series',
      detail: expect.stringMatching(/^the value is 3 series .*__name__="autosave_attempts_total".*pod="a"/),
    });
  });

  it('tells NaN, a scalar and a metric that never was apart', async () => {
    expect(await readOne({ value: 'queue_depth' })).toMatchObject({ kind: 'invalid', reason: 'nan' });
    expect(await readOne({ value: '42' })).toMatchObject({ kind: 'invalid', reason: 'wrong-type' });
    expect(await readOne({ value: 'queue_depth[1m]' })).toMatchObject({ kind: 'invalid', reason: 'wrong-type' });
    expect(await readOne({ value: 'never_was' })).toEqual({ kind: 'no-data' });
  });

  it('gives each query of a refused round a reason of its own', async () => {
    const readings = await open().measure(
      [
        { id: 'fine', value: 'sum(autosave_attempts_total) # a comment does not swallow the rest' },
        { id: 'broken', value: 'sum(' },
        { id: 'many-to-many', value: 'autosave_attempts_total * on (job) autosave_attempts_total' },
        { id: 'scalar', value: '1' },
      ],
      now(),
    );
    expect(Object.fromEntries(readings)).toEqual({
      fine: { kind: 'value', value: 5000, raw: '5000' },
      broken: { kind: 'unavailable', reason: 'bad-query', detail: expect.stringMatching(/^bad_data: .*parse error/) },
      'many-to-many': {
        kind: 'unavailable',
        reason: 'bad-query',
        detail: expect.stringMatching(/^execution: .*match/),
      },
      scalar: { kind: 'invalid', reason: 'wrong-type', detail: 'the value is a scalar where a vector was expected' },
    });
  });
});
