/** What others' specs were surprised by: a plan says what it means, or is refused before anything moves. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlan } from '../../src/plan/check-plan.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { catalogueText, planText, planWith, problemsOf } from '../support/plan-text.js';
import { everyGo, runDay } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

it("peer 19 (Argo TestMultipleAnalysis): a stage's own gate replaces the plan's key by key, and two meanings of one name are refused", () => {
  const stage = '{ percent: 50, hold: 2h, gate: { checks: [saves] } }';
  const checked = checkPlan(planWith('{ percent: 50, hold: 2h }', stage), 'plan.yaml', {
    text: catalogueText,
    file: 'slis.yaml',
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(checked.plan.stages.map(({ gate }) => gate.checks)).toEqual([['saves', 'p95'], ['saves'], ['saves', 'p95']]);
  expect(checked.plan.stages.map(({ gate }) => gate.decision?.approvers)).toEqual(
    Array.from({ length: 3 }, () => [{ role: 'sre', count: 1 }]),
  );
  const second = '  saves: { sli: save-success, min: 0.5, severity: warn }\n';
  expect(problemsOf(`${planText}${second}`)).toEqual(['26:3: this key stands twice; keep one']);
});

describe('a plan as it is walked', () => {
  let env: TestWorkflowEnvironment;
  beforeEach(async () => {
    env = await openTimeSkipping();
  });
  afterEach(() => env.teardown());

  it('peer 44 (Flagger istio/test-canary): the happy path is exactly one claim and one flip a stage, a go at each hold point', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(10, 1), aStage(25, 1), aStage(50, 1), aStage(100, 1)] }),
      world,
      people: everyGo(1, 2, 3, 4),
    });
    expect(world.store.writes.map(({ action, percent }) => `${action} ${String(percent)}`)).toEqual([
      'claim 0',
      'flip 10',
      'flip 25',
      'flip 50',
      'flip 100',
    ]);
    expect(day.audit.filter(({ kind }) => kind === 'decision').map(({ data }) => data['stage'])).toEqual([1, 2, 3, 4]);
    expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  });

  it('peer 51 (Flagger linkerd/test-steps): any rising percentages are reached exactly, a tenth of a percent, too', async () => {
    const nobodyAsked = aGate({ decision: null });
    const percents = [0.1, 1, 5, 20, 33.333, 80, 100];
    const world = aWorld();
    const day = await runDay(env, {
      plan: aPlan({ stages: percents.map((percent) => aStage(percent, 1, nobodyAsked)) }),
      world,
      people: async (rollout) => {
        expect(await rollout.status()).toMatchObject({ stages: 7 });
      },
    });
    expect(day.percents).toEqual([0, ...percents]);
    const flips = day.audit.filter(({ kind }) => kind === 'flip').map(({ data }) => data['receipt']);
    expect(flips).toEqual(percents.map((percent) => expect.objectContaining({ percent, state: 'proven' })));
  });
});
