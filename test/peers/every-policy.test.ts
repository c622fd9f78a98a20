/** What others' options were surprised by: one that was set beside another, and an abort that then never ended. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Policy } from '../../src/core/plan.js';
import { pauseUpdate, requestRollbackUpdate } from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { nextWorld } from '../support/next-world.js';
import { runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

vi.setConfig({ testTimeout: 180_000 });

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

/** Each pair of values of any two columns is in some row; a test below counts them. */
const combinations: readonly {
  readonly onNoGo: Policy['onNoGo'];
  readonly onSmokeFailure: Policy['onSmokeFailure'];
  readonly silence: 'ask' | 'roll-back';
  readonly onDrift: Policy['onDrift'];
  readonly onDeadline: 'ask' | 'pause' | 'roll-back';
  readonly state: 'holding' | 'asking' | 'paused';
}[] = [
  { onNoGo: 'pause', onSmokeFailure: 'ask', silence: 'ask', onDrift: 'pause', onDeadline: 'ask', state: 'holding' },
  {
    onNoGo: 'roll-back',
    onSmokeFailure: 'roll-back',
    silence: 'roll-back',
    onDrift: 'pause',
    onDeadline: 'pause',
    state: 'asking',
  },
  {
    onNoGo: 'pause',
    onSmokeFailure: 'roll-back',
    silence: 'ask',
    onDrift: 'pause',
    onDeadline: 'roll-back',
    state: 'paused',
  },
  {
    onNoGo: 'roll-back',
    onSmokeFailure: 'ask',
    silence: 'ask',
    onDrift: 'reassert',
    onDeadline: 'pause',
    state: 'paused',
  },
  {
    onNoGo: 'pause',
    onSmokeFailure: 'roll-back',
    silence: 'roll-back',
    onDrift: 'reassert',
    onDeadline: 'ask',
    state: 'asking',
  },
  {
    onNoGo: 'roll-back',
    onSmokeFailure: 'ask',
    silence: 'roll-back',
    onDrift: 'reassert',
    onDeadline: 'roll-back',
    state: 'holding',
  },
  {
    onNoGo: 'pause',
    onSmokeFailure: 'ask',
    silence: 'ask',
    onDrift: 'roll-back',
    onDeadline: 'roll-back',
    state: 'asking',
  },
  {
    onNoGo: 'roll-back',
    onSmokeFailure: 'roll-back',
    silence: 'roll-back',
    onDrift: 'roll-back',
    onDeadline: 'ask',
    state: 'paused',
  },
  {
    onNoGo: 'pause',
    onSmokeFailure: 'roll-back',
    silence: 'ask',
    onDrift: 'roll-back',
    onDeadline: 'pause',
    state: 'holding',
  },
];

function pairs(row: object): string[] {
  const cells = Object.entries(row).map(([name, value]) => `${name}=${String(value)}`);
  return cells.flatMap((one, index) => cells.slice(index + 1).map((other) => `${one} ${other}`));
}

it('peer 26 (Argo TestCanaryDynamicStableScaleAbortScaleDownDelay): whatever the policy says, in whatever state, a rollback ends at 0', async () => {
  // 3 two-valued and 3 three-valued columns: 3 × 4 + 9 × 6 + 3 × 9 pairs.
  expect(new Set(combinations.flatMap(pairs)).size).toBe(93);
  let world = aWorld();
  for (const { state, silence, onDeadline, ...policy } of combinations) {
    const silent = { afterMs: 600_000, do: silence };
    const gate = aGate({ smoke: ['reporting'], decision: aDecision({ onDeadline }) });
    const day = await runDay(env, {
      plan: aPlan({
        stages: [aStage(10, 1, gate), aStage(100, 1, gate)],
        policy: { ...aPlan().policy, ...policy, onInconclusive: silent, onUnavailable: silent },
      }),
      world,
      people: async (rollout) => {
        await rollout.until(state === 'asking' ? 'asking' : 'holding');
        if (state === 'paused') await rollout.send(pauseUpdate, { by: 'ola', reason: 'looking' });
        expect((await rollout.status()).state).toBe(state);
        await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'pages are slow' });
      },
    });
    expect([day.percents, day.result.outcome]).toEqual([[0, 10, 0], 'rolled-back']);
    world = nextWorld(world);
  }
});
