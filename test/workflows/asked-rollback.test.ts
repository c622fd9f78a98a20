/** A person takes the flag back: in every state of an open run. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attestUpdate,
  pauseUpdate,
  requestRollbackUpdate,
  rollbackSignal,
  whyQuery,
} from '../../workflows/messages.js';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { aGate, aPlan, aStage, anItem } from '../support/a-plan.js';
import { aWorld } from '../support/a-world.js';
import { goAt, runDay, type Day } from '../support/run-day.js';
import { openTimeSkipping } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
// One server each: its clock is everybody's, and what one test does to it no other must feel.
beforeEach(async () => {
  env = await openTimeSkipping();
});
afterEach(() => env.teardown());

describe('a rollback that a person asks for', () => {
  const plan = aPlan({
    preflight: aGate({
      checks: [],
      checklist: [anItem('audit', { title: 'Security audit clean', role: 'security' })],
      decision: null,
    }),
    stages: [aStage(10, 1), aStage(100, 4, aGate({ decision: null }))],
  });
  const attest = (day: Day) => day.send(attestUpdate, { item: 'audit', by: 'lee' });
  const states: readonly [string, number[], (day: Day) => Promise<void>][] = [
    ['in preflight', [0, 0], (day) => day.until('asking')],
    ['in a hold', [0, 10, 0], (day) => attest(day).then(() => day.until('holding'))],
    [
      'case 12: while people are asked',
      [0, 10, 0],
      async (day) => {
        await attest(day);
        await day.until('holding');
        await day.until('asking');
      },
    ],
    [
      'while paused',
      [0, 10, 0],
      async (day) => {
        await attest(day);
        await day.until('holding');
        await day.send(pauseUpdate, { by: 'ola', reason: 'looking' });
      },
    ],
    [
      'in the bake',
      [0, 10, 100, 0],
      async (day) => {
        await attest(day);
        await goAt(day, 1);
        await day.until('holding');
      },
    ],
  ];

  it.each(states)('%s answers with a proven receipt', async (_, percents, reach) => {
    const day = await runDay(env, {
      plan,
      world: aWorld(),
      people: async (rollout) => {
        await reach(rollout);
        const receipt = await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'pages are slow' });
        expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0, by: 'ola' });
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'pages are slow' });
    expect(day.percents).toEqual(percents);
  });

  it('before the start writes nothing', async () => {
    const startAt = new Date((await env.currentTimeMs()) + 86_400_000).toISOString();
    const day = await runDay(env, {
      plan: aPlan({ startAt }),
      world: aWorld(),
      people: (rollout) => rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'not today' }),
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', receipt: { written: false } });
    expect(day.percents).toEqual([]);
  });

  it('as a Temporal cancellation is a rollback, too', async () => {
    const day = await runDay(env, {
      name: 'cancelled',
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        await rollout.handle.cancel();
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
  });

  it('case 11: in the middle of a flip wins: the flip that lands later is refused', async () => {
    const world = aWorld();
    let letFlip = (): void => undefined;
    const flipping = new Promise<void>((reached) => {
      world.state.beforeFlip = () => {
        reached();
        return new Promise((resolve) => {
          letFlip = resolve;
        });
      };
    });
    const day = await runDay(env, {
      name: 'rollback-during-a-flip',
      plan: aPlan(),
      world,
      people: async (rollout) => {
        await flipping;
        const receipt = await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'wrong flag' });
        expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0 });
        letFlip();
      },
    });
    expect(day.result.outcome).toBe('rolled-back');
    expect(day.percents).toEqual([0, 0]);
  });

  it('while the records are written takes back a rollout that had completed', async () => {
    const world = aWorld();
    const untold: (() => void)[] = [];
    const day = await runDay(env, {
      plan: aPlan({ stages: [aStage(100, 1, aGate({ decision: null }))], channels: ['room'] }),
      world,
      people: async (rollout) => {
        await rollout.until('holding');
        world.state.beforeAnnounce = () =>
          new Promise((resolve) => {
            untold.push(resolve);
          });
        // Not awaited: time stands still while the announcement hangs.
        const crossing = env.sleep('2h');
        await expect.poll(async () => (await rollout.status()).state, { timeout: 20_000 }).toBe('completed');
        const receipt = await rollout.send(requestRollbackUpdate, { by: 'ola', reason: 'a customer called' });
        expect(receipt).toMatchObject({ written: true, state: 'proven', percent: 0 });
        world.state.beforeAnnounce = () => Promise.resolve();
        for (const tell of untold) tell();
        await crossing;
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0, reason: 'a customer called' });
    expect(day.percents).toEqual([0, 100, 0]);
  });

  it('from a store that does not answer pages, keeps trying and is proven once it does', async () => {
    const world = aWorld();
    const day = await runDay(env, {
      name: 'needs-a-human',
      plan: aPlan({ channels: ['room'] }),
      world,
      people: async (rollout) => {
        await rollout.until('holding');
        world.store.breakWith(new AdapterError('flag store local', 'unreachable', 'The store is away.'));
        await rollout.handle.signal(rollbackSignal, { by: 'ola', reason: 'errors' });
        await expect.poll(async () => (await rollout.status()).state, { timeout: 20_000 }).toBe('needs-a-human');
        const { next } = await rollout.status();
        expect(next.sentence).toMatch(/could not be taken back yet: .*The store is away\. Still trying/);
        const { blockers } = await rollout.handle.query(whyQuery);
        expect(blockers.map(({ sentence }) => sentence)).toEqual(['ola asked for a rollback: errors', next.sentence]);
        world.store.breakWith(null);
      },
    });
    expect(day.result).toMatchObject({ outcome: 'rolled-back', receipt: { written: true, state: 'proven' } });
    expect(world.announcer.announcements.map(({ kind }) => kind)).toContain('needs-a-human');
    expect(day.audit.find(({ kind }) => kind === 'trouble')?.data['what']).toContain('The store is away.');
  });

  it('twice, with junk and without an argument, is one rollback', async () => {
    const day = await runDay(env, {
      cache: false,
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('holding');
        await rollout.offline(async () => {
          await rollout.handle.signal('rollback');
          await rollout.handle.signal('rollback', 42);
          await rollout.handle.signal('rollback', { by: 'ola', reason: 'late' });
        });
      },
    });
    expect(day.percents).toEqual([0, 10, 0]);
    expect(day.result).toMatchObject({ outcome: 'rolled-back', reason: 'no reason given' });
    expect(day.audit.filter(({ data }) => data['message'] === 'rollback')).toHaveLength(3);
  });

  it.each([
    ['go, then rollback', ['go', 'rollback']],
    ['rollback, then go', ['rollback', 'go']],
  ])('case 10: %s in one workflow task: the flag goes down', async (_, order) => {
    const day = await runDay(env, {
      cache: false,
      plan: aPlan(),
      world: aWorld(),
      people: async (rollout) => {
        await rollout.until('asking');
        await rollout.offline(async () => {
          for (const name of order) await rollout.handle.signal(name, { by: 'sam', role: 'release-manager' });
        });
      },
    });
    expect(day.percents).toEqual([0, 10, 0]);
    expect(day.result).toMatchObject({ outcome: 'rolled-back', percent: 0 });
    expect(day.audit.filter(({ kind }) => kind === (order[0] === 'go' ? 'decision' : 'refusal'))).toHaveLength(1);
  });
});
