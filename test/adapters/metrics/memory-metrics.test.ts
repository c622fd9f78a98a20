/** The shipped fake keeps to the contract when its script does. */
import { openMemoryMetrics } from '../../../src/adapters/metrics/memory-metrics.js';
import { metricsSourceContract, type contractQueries } from '../../support/contracts/metrics-source-contract.js';
import type { Reading } from '../../../src/core/sample.js';

const script: Record<keyof typeof contractQueries, Reading> = {
  value: { kind: 'value', value: 0.9975, raw: '0.9975' },
  counted: { kind: 'value', value: 0.5, raw: '0.5', events: 4000 },
  uncounted: { kind: 'value', value: 0.5, raw: '0.5', events: 0 },
  empty: { kind: 'no-data' },
  nan: { kind: 'invalid', reason: 'nan', detail: 'the value is NaN' },
  infinite: { kind: 'invalid', reason: 'infinite', detail: 'the value is +Inf' },
  several: { kind: 'invalid', reason: 'several-series', detail: 'the value is 2 series' },
  negative: { kind: 'invalid', reason: 'negative-events', detail: 'the event count is -3' },
};

metricsSourceContract('memory', () =>
  Promise.resolve({
    source: openMemoryMetrics(({ id }) => script[id as keyof typeof contractQueries]),
    close: () => Promise.resolve(),
  }),
);
