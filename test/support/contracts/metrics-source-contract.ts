/** What every metrics source keeps to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricsQuery, MetricsSource } from '../../../src/adapters/metrics/metrics-source.js';

export interface MetricsUnderTest {
  readonly source: MetricsSource;
  close(): Promise<void>;
}

/** PromQL that says what it should answer without any data behind it. */
export const contractQueries = {
  value: { id: 'value', value: 'vector(0.9975)' },
  counted: { id: 'counted', value: 'vector(0.5)', events: 'vector(4000)' },
  uncounted: { id: 'uncounted', value: 'vector(0.5)', events: 'vector(1) > 2' },
  empty: { id: 'empty', value: 'vector(1) > 3' },
  nan: { id: 'nan', value: 'vector(0) / vector(0)' },
  infinite: { id: 'infinite', value: 'vector(1) / vector(0)' },
  several: {
    id: 'several',
    value: 'label_replace(vector(1), "pod", "a", "", "") or label_replace(vector(2), "pod", "b", "", "")',
  },
  negative: { id: 'negative', value: 'vector(0.75)', events: 'vector(-3)' },
} as const satisfies Record<string, MetricsQuery>;

export function metricsSourceContract(name: string, open: () => Promise<MetricsUnderTest>): void {
  describe(`metrics source contract: ${name}`, () => {
    let opened: MetricsUnderTest;
    const at = new Date().toISOString();
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('is ready and names its server without credentials', async () => {
      const answer = await opened.source.ready();
      expect(answer).toEqual({ ready: true, clockMs: expect.any(Number) as number });
      expect(Math.abs((answer.ready ? (answer.clockMs ?? 0) : 0) - Date.now())).toBeLessThan(60_000);
      expect(opened.source.server).not.toBe('');
      expect(opened.source.server).not.toContain('@');
    });

    it('answers every query of a round with the reading it deserves', async () => {
      const readings = await opened.source.measure(Object.values(contractQueries), at);
      expect(Object.fromEntries(readings)).toEqual({
        value: { kind: 'value', value: 0.9975, raw: '0.9975' },
        counted: { kind: 'value', value: 0.5, raw: '0.5', events: 4000 },
        uncounted: { kind: 'value', value: 0.5, raw: '0.5', events: 0 },
        empty: { kind: 'no-data' },
        nan: { kind: 'invalid', reason: 'nan', detail: expect.stringContaining('NaN') },
        infinite: { kind: 'invalid', reason: 'infinite', detail: expect.stringContaining('Inf') },
        several: { kind: 'invalid', reason: 'several-series', detail: expect.stringContaining('2 series') },
        negative: { kind: 'invalid', reason: 'negative-events', detail: expect.stringContaining('-3') },
      });
    });

    it('answers a single query as it would in a round', async () => {
      const readings = await opened.source.measure([contractQueries.counted], at);
      expect([...readings]).toEqual([['counted', { kind: 'value', value: 0.5, raw: '0.5', events: 4000 }]]);
    });

    it('answers nothing when nothing is asked', async () => {
      expect(await opened.source.measure([], at)).toEqual(new Map());
    });
  });
}
