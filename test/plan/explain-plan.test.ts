/** The day as people read it. */
import { expect, it } from 'vitest';
import { explainPlan } from '../../src/plan/explain-plan.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { aCheck, aPlan } from '../support/a-plan.js';

it('tells the seed day hour by hour', async () => {
  const loaded = await loadPlan('ops/plans/day0.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const told = explainPlan(loaded.plan, { timeZone: 'Europe/Berlin', startsAt: '2026-12-01T08:00:00Z' });
  await expect(told).toMatchFileSnapshot('../goldens/explain-day0.txt');
});

it('shows one clock where the local one is UTC, and seconds where there are some', () => {
  const told = explainPlan(aPlan(), { timeZone: 'UTC', startsAt: '2026-12-01T08:00:05Z' });
  expect(told).toContain('\nUTC\n2026-12-01 08:00:05  Start');
});

it('follows the local clock over the end of summer time', () => {
  const told = explainPlan(aPlan(), { timeZone: 'Europe/Berlin', startsAt: '2026-10-24T22:00:00Z' });
  expect(told).toContain('2026-10-24 22:00  2026-10-25 00:00  Start');
  expect(told).toContain('2026-10-25 02:00  2026-10-25 03:00  Hold point at 10 %.');
});

it('begins when the plan says so, but not before now', () => {
  const plan = aPlan({ startAt: '2026-12-01T08:00:00.000Z' });
  const start = (startsAt: string): string | undefined =>
    /^(.*) {2}Start/m.exec(explainPlan(plan, { timeZone: 'UTC', startsAt }))?.[1];
  expect(start('2026-11-30T00:00:00Z')).toBe('2026-12-01 08:00');
  expect(start('2026-12-02T00:00:00Z')).toBe('2026-12-02 00:00');
});

it.each<[what: string, changes: Parameters<typeof aCheck>[1], told: string]>([
  ['one strike', { consecutive: 1 }, 'One failing window rolls back at once.'],
  ['three windows', {}, '3 failing windows in a row roll back at once, 30 min after the first.'],
  ['a gauge', { windowMs: 0, overlapMs: 60_000, limit: { max: 5 }, unit: 'number' }, 'at most 5 at one instant'],
  ['events', { minEvents: 4_000 }, 'under 4,000 events it cannot tell'],
  ['observing', { severity: 'observe' }, 'A failure is recorded only.'],
  ['blocking', { severity: 'block' }, 'at a hold point it blocks the way up and asks.'],
])('says what %s means', (_, changes, told) => {
  const plan = aPlan({ checks: { 'autosave-success': aCheck('autosave-success', changes) } });
  expect(explainPlan(plan, { timeZone: 'UTC', startsAt: '2026-12-01T08:00:00Z' })).toContain(told);
});
