/** The estimate against real rollouts: what `check` refuses must be what Temporal would really keep. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.js';
import { estimateEvents } from '../../src/plan/estimate-events.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { everyGo, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const watch = (everyMs: number): Plan['watch'] => ({ everyMs, guardMs: 15_000, checks: ['autosave-success'] });
const smokeOnly = aGate({ smoke: ['reporting'], decision: null });

describe('expected history events are within a tenth of a real rollout', () => {
  it.each<[what: string, plan: Plan, decisions: readonly number[]]>([
    ['a look every 15 minutes, one go at each hold point', aPlan(), [1, 2, 3, 4]],
    [
      'a look every 5 minutes, nobody asked',
      aPlan({
        watch: watch(300_000),
        stages: [aStage(10, 4, aGate({ decision: null })), aStage(100, 4, aGate({ decision: null }))],
      }),
      [],
    ],
    [
      'a look every hour, smoke, preflight and a channel',
      aPlan({
        watch: watch(3_600_000),
        preflight: { ...smokeOnly, checks: [] },
        channels: ['room'],
        stages: [
          aStage(10, 4, smokeOnly),
          aStage(50, 4, smokeOnly),
          aStage(100, 4, aGate({ smoke: ['reporting'], decision: aDecision() })),
        ],
      }),
      [3],
    ],
  ])('%s', async (_, plan, decisions) => {
    const day = await runDay(env, { plan, world: aWorld(), people: everyGo(...decisions) });
    expect(day.result.outcome).toBe('completed');
    const { total } = estimateEvents(plan);
    expect(total / day.events).toBeGreaterThan(0.9);
    expect(total / day.events).toBeLessThan(1.1);
  });
});
