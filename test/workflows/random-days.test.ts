/** Days nobody planned: seeded people, metrics and interruptions; what must hold of every rollout holds of these. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pauseUpdate, requestRollbackUpdate, resumeUpdate } from '../../workflows/messages.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, down, failing, healthy, noData, type World } from '../support/a-world.js';
import { runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

/** mulberry32: a seed gives the same day again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function aStep(day: Day, world: World, random: () => number): () => Promise<unknown> {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] ?? choices[0]!;
  const by = pick('sam', 'kim', 'ida', 'dana');
  const role = pick('release-manager', 'release-manager', 'sre', 'chef');
  const stage = pick(1, 2, 3, undefined);
  const decide = (decision: 'go' | 'no-go') => () =>
    day.decide({ decision, by, role, ...(stage === undefined ? {} : { stage }) });
  const steps: readonly [number, () => Promise<unknown>][] = [
    [0.35, decide('go')],
    [0.38, decide('no-go')],
    [0.44, () => day.send(pauseUpdate, { by, reason: 'wait' })],
    [0.54, () => day.send(resumeUpdate, { by, reason: 'go on' })],
    [0.56, () => day.send(requestRollbackUpdate, { by, reason: 'enough' })],
    [
      0.66,
      () => {
        const reading = pick(healthy, healthy, healthy, failing, noData, down);
        world.state.reading = () => reading;
        return Promise.resolve();
      },
    ],
    [0.9, () => day.pass('15m')],
    [1, () => day.pass('1h')],
  ];
  const dice = random();
  return steps.find(([upTo]) => dice < upTo)?.[1] ?? (() => day.pass('15m'));
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', async (seed) => {
  const random = seeded(seed);
  const world = aWorld();
  const { policy } = aPlan();
  const gate = aGate({
    decision: aDecision({
      approvers: [
        { role: 'release-manager', count: 1 },
        { role: 'sre', count: 1 },
      ],
      deadlineMs: 4 * 3_600_000,
    }),
  });
  const plan = aPlan({
    policy: { ...policy, onNoGo: 'pause' },
    stages: [aStage(10, 1, gate), aStage(50, 1), aStage(100, 1, aGate({ decision: null }))],
  });
  const day = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      try {
        for (let count = 0; count < 50; count += 1) await aStep(rollout, world, random)();
        await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'the day is over' });
      } catch (error) {
        // It ended by itself.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  });
  expect(['completed', 'rolled-back']).toContain(day.result.outcome);
  expect(day.percents.at(-1)).toBe(day.result.percent);
});
