/** The shipped fake: readings by script. For tests and rehearsals. */
import type { Reading } from '../../core/sample.js';
import type { MetricsQuery, MetricsSource } from './metrics-source.js';

/** @param read - the reading for a query at an instant (ISO). */
export function openMemoryMetrics(read: (query: MetricsQuery, at: string) => Reading): MetricsSource {
  return {
    server: 'memory',
    measure: (queries, at) => Promise.resolve(new Map(queries.map((query) => [query.id, read(query, at)]))),
    ready: () => Promise.resolve({ ready: true, clockMs: Date.now() }),
  };
}
