/** Numbers that lie, over whole days: what goes up and down with them must not be the flag. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aCheck, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, healthy, type WorldScript } from '../support/a-world.js';
import { runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const unasked = aGate({ decision: null });
const stages = [aStage(10, 2, unasked), aStage(100, 1, unasked)];
const play = (reading: WorldScript['reading'], people: (day: Day) => Promise<void>, changes = {}) =>
  runDay(env, { plan: aPlan({ stages, ...changes }), world: aWorld(reading ? { reading } : {}), people });

const giveUp = (day: Day): Promise<void> => day.handle.signal('rollback', { by: 'ola', reason: 'seen enough' });

it('case 13: a breach while people are asked takes the flag back; nobody needs to answer', async () => {
  const world = aWorld();
  const { result, percents } = await runDay(env, {
    plan: aPlan({ stages: [aStage(10, 1), aStage(100, 1)] }),
    world,
    people: async (day) => {
      await day.until('asking');
      world.state.reading = () => failing;
    },
  });
  expect(result.reason).toContain('autosave-success is 90');
  expect(percents).toEqual([0, 10, 0]);
});

it('case 29: no traffic at all never becomes a pass by waiting', async () => {
  const nothing = { kind: 'value', value: 1, raw: '1', events: 0 } as const;
  const check = aCheck('autosave-success', { minEvents: 100 });
  const { percents } = await play(
    () => nothing,
    async (day) => {
      await day.pass('12h');
      expect(await day.status()).toMatchObject({ state: 'asking', stage: 1 });
      await giveUp(day);
    },
    { checks: { 'autosave-success': check } },
  );
  expect(percents).toEqual([0, 10, 0]);
});

it('case 33: numbers that flap around the limit neither raise the flag nor take it back', async () => {
  let asked = 0;
  const { percents, result } = await play(
    (id) => (id.startsWith('gate/') || (asked += 1) % 2 === 0 ? failing : healthy),
    async (day) => {
      await day.pass('12h');
      expect(await day.status()).toMatchObject({ stage: 1, percent: { observed: 10 } });
      await giveUp(day);
    },
    // Looks come a few milliseconds early or late: half of them must not count as one with the look before.
    { checks: { 'autosave-success': aCheck('autosave-success', { overlapMs: 14 * 60_000 }) } },
  );
  expect(asked).toBeGreaterThan(20);
  expect(result.reason).toBe('seen enough');
  expect(percents).toEqual([0, 10, 0]);
});

it('case 34: a breach that healed just before the hold point is in the window of the stage: the gate does not pass', async () => {
  const { percents, audit } = await play(
    (id) => (id.startsWith('gate/') ? failing : healthy),
    async (day) => {
      await day.pass('4h');
      expect(await day.status()).toMatchObject({ state: 'asking', verdict: { outcome: 'fail' } });
      await giveUp(day);
    },
  );
  expect(percents).toEqual([0, 10, 0]);
  expect(audit.some(({ kind, data }) => kind === 'move' && data['row'] === 'gate' && data['move'] === 'ask')).toBe(
    true,
  );
});
