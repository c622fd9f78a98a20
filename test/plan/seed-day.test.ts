/** The seed day as it is written, played to its end. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trackChecklist } from '../../src/core/checklist-progress.js';
import { digestOf } from '../../src/core/digest.js';
import type { ChecklistItem, Plan } from '../../src/core/plan.js';
import type { Reading } from '../../src/core/sample.js';
import { estimateEvents } from '../../src/plan/estimate-events.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { attestUpdate } from '../../workflows/messages.js';
import { aWorld } from '../support/a-world.js';
import { runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

const people: Readonly<Record<string, string>> = {
  'release-manager': 'rita',
  sre: 'sam',
  product: 'pia',
  security: 'sergei',
};

/** A good day: high where high is good, else 0. */
const reading = (id: string): Reading => {
  const value = id.endsWith('success') ? 1 : 0;
  return { kind: 'value', value, raw: String(value), events: 10_000 };
};

async function attestAll(day: Day, items: readonly ChecklistItem[]): Promise<void> {
  for (const { id, role } of items) {
    if (role === null) continue;
    const attested = await day.send(attestUpdate, { item: id, by: people[role] ?? role, role });
    expect(attested).toMatchObject({ accepted: true });
  }
}

/** Everybody attests and says go as soon as they are asked. */
async function answer(day: Day, { preflight, stages, after }: Plan): Promise<void> {
  const gates = [preflight, ...stages.map(({ gate }) => gate)];
  for (const [stage, gate] of gates.entries()) {
    await day.until(stage === 0 ? 'asking' : 'holding');
    await day.until('asking');
    expect((await day.status()).stage).toBe(stage);
    await attestAll(day, gate?.checklist ?? []);
    for (const { role } of gate?.decision?.approvers ?? []) {
      const said = await day.decide({ decision: 'go', by: people[role] ?? role, role, stage });
      expect(said).toMatchObject({ accepted: true });
    }
  }
  await day.until('asking');
  await attestAll(day, after);
}

it('goes to 100 percent, within the history that was expected', async () => {
  const loaded = await loadPlan('ops/plans/day0.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { digest: _, ...rest } = loaded.plan;
  const told = { ...rest, channels: ['room'] };
  const plan: Plan = { ...told, digest: digestOf(told) };
  const day = await runDay(env, { plan, world: aWorld({ reading }), people: (asked) => answer(asked, plan) });
  expect(day.result).toMatchObject({ outcome: 'completed', percent: 100 });
  expect(day.percents).toEqual([0, 10, 25, 50, 100]);
  expect(Math.abs(day.events - estimateEvents(plan).total) / day.events).toBeLessThan(0.1);
  const checklist = trackChecklist(plan, { audit: day.audit, asked: [], nowMs: Date.now() });
  const undone = checklist.flatMap(({ lines }) => lines).filter(({ state }) => state !== 'done');
  expect(undone).toEqual([]);
});
