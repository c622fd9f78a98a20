/** The pictures of the dashboards: axes at round numbers, and no share above all of it. */
import { expect, it } from 'vitest';
import { boundsOf } from '../browser/dashboard-charts.mjs';

it.each([
  ['a share that stays at its end', { values: [1, 1], max: 1, unit: 'percentunit' }, [0.9, 0.95, 1]],
  ['a share that falls', { values: [0.9355, 1, 0.99], max: 1, unit: 'percentunit' }, [0.925, 0.95, 0.975, 1]],
  ['a share of failures', { values: [0, 0.069], min: 0, unit: 'percentunit' }, [0, 0.025, 0.05, 0.075]],
  ['nearly everything fails', { values: [0, 0.98], min: 0, unit: 'percentunit' }, [0, 0.25, 0.5, 0.75, 1]],
  ['a percentage', { values: [0, 50], min: 0, max: 100, unit: 'percent' }, [0, 50, 100]],
  ['nothing ever', { values: [0, 0], min: 0, unit: 'cpm' }, [0, 0.5, 1]],
  ['a number', { values: [0, 12.7], min: 0, unit: 'cpm' }, [0, 5, 10, 15]],
])('%s', (_, axis, rows) => {
  expect(boundsOf(axis)).toEqual({ low: rows[0], high: rows.at(-1), rows });
});
