/** Nearest rank, as the benchmarks use it. */
import { expect, it } from 'vitest';
import { percentile } from './bench/percentile.mjs';

it.each([
  [[5], 0.5, 5],
  [[1, 2, 3, 4], 0.5, 2],
  [[4, 1, 3, 2], 0.99, 4],
  [[1, 2, 3, 4], 1, 4],
  [[1, 2, 3, 4], 0, 1],
])('of %j at %d', (values, share, wanted) => {
  expect(percentile(values, share)).toBe(wanted);
});
