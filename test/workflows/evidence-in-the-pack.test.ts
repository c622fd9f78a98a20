/** Whoever holds only the pack can put together the evidence of every verdict, whatever the day was like. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { readAudit } from '../../src/core/read-audit.js';
import { evidenceDigest } from '../../src/core/evidence.js';
import { rebuildEvidence } from '../../src/core/evidence-trace.js';
import { verifyPack } from '../../src/core/verify-pack.js';
import { breachSignal } from '../../workflows/messages.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { aWorld, failing, healthy, type World } from '../support/a-world.js';
import { everyGo, goAt, runDay, type DayRecord } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

interface Rests {
  readonly scope: unknown;
  /** Where its samples are. */
  readonly in: string;
  readonly smoke: number;
  readonly streaks: number;
}

/** What each verdict rests on, after its digest was made again from the pack alone. */
function rebuildAll({ pack }: DayRecord): Rests[] {
  const { entries, bad } = readAudit(pack.files.get('audit.jsonl')?.text ?? '');
  expect(bad).toBeNull();
  return entries
    .filter(({ kind }) => kind === 'verdict')
    .map((entry) => {
      const rebuilt = rebuildEvidence(entry, entries, pack.files);
      const { answers, streaks } = entry.data['evidence'] as { answers: { kind: string }; streaks: object };
      if (rebuilt.kind === 'evidence') expect(evidenceDigest(rebuilt.evidence)).toBe(entry.data['evidenceDigest']);
      else expect(rebuilt.kind).toBe('lost');
      return {
        scope: entry.data['scope'],
        in: answers.kind,
        smoke: rebuilt.kind === 'evidence' ? rebuilt.evidence.smoke.length : 0,
        streaks: Object.keys(streaks).length,
      };
    });
}

const smoking = aGate({ smoke: ['reporting'] });
const plan = aPlan({
  preflight: aGate({ checks: [], smoke: ['reporting'], decision: null }),
  stages: [aStage(10, 4, smoking), aStage(100, 4, smoking)],
});

it('looks, preflight and hold points, with smoke outcomes and the streaks before them', async () => {
  const rests = rebuildAll(await runDay(env, { plan, world: aWorld(), people: everyGo(1, 2) }));
  expect(rests.every((one) => one.in === 'file')).toBe(true);
  expect(rests[0]).toMatchObject({ scope: 'gate', smoke: 1, streaks: 0 });
  expect(rests.filter(({ scope, streaks }) => scope === 'watch' && streaks === 1).length).toBeGreaterThan(20);
  expect(rests.filter(({ scope, smoke }) => scope === 'gate' && smoke === 1).length).toBeGreaterThan(2);
});

it('a breach that looks found, one sent from outside, and one that was not confirmed', async () => {
  const world = aWorld();
  const day = await runDay(env, {
    plan,
    world,
    people: async (rollout) => {
      await rollout.pass('1h');
      const at = new Date(await rollout.env.currentTimeMs()).toISOString();
      const sample = { check: 'autosave-success', scope: 'watch', at, windowMs: 60_000, reading: failing } as const;
      await rollout.handle.signal(breachSignal, { samples: [sample] });
      await rollout.pass('30m');
      world.state.reading = () => failing;
      await rollout.pass('1h');
    },
  });
  expect(day.result.outcome).toBe('rolled-back');
  const kinds = rebuildAll(day).map((one) => one.in);
  expect(new Set(kinds)).toEqual(new Set(['file', 'breach']));
});

describe('what is not in a file', () => {
  const cannotLook = (world: World): void => {
    world.state.reading = () => {
      throw new Error('a bug in the metrics source');
    };
  };

  it('a look that nobody could make keeps its samples in its entry', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      plan,
      world,
      people: async (rollout) => {
        await rollout.pass('1h');
        cannotLook(world);
        await rollout.pass('15m');
        world.state.reading = () => healthy;
        await goAt(rollout, 1);
        await goAt(rollout, 2);
      },
    });
    expect(rebuildAll(day).map((one) => one.in)).toContain('here');
  });

  it('samples that the archive did not take are a gap with its reason, not a forgery', async () => {
    const world = aWorld();
    const refuse = (path: string): Promise<void> =>
      path.includes('/samples/')
        ? Promise.reject(new AdapterError('archive', 'no-space', 'The archive could not write it: the disk is full.'))
        : Promise.resolve();
    const day = await runDay(env, {
      plan,
      world,
      people: async (rollout) => {
        await rollout.pass('1h');
        world.state.beforePut = refuse;
        await rollout.pass('15m');
        world.state.beforePut = () => Promise.resolve();
        await goAt(rollout, 1);
        await goAt(rollout, 2);
      },
    });
    expect(rebuildAll(day).filter((one) => one.in === 'lost').length).toBeGreaterThan(0);
    const { whole, gaps } = verifyPack(day.pack, { kind: 'none' });
    expect(whole).toBe(true);
    expect(gaps[0]?.sentence).toBe('The samples were never kept: The archive could not write it: the disk is full.');
  });
});
