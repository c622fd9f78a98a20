/** Rounds of rollouts on the real server while workers come and go, each from a seed; what must hold of every rollout holds of these. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFlagDocument, readRecord } from '../../src/adapters/flags/flag-document.js';
import { diceOf } from '../support/dice.js';
import { openFaultWorld, type FaultWorld } from '../support/fault-world.js';
import { faultyProcesses } from '../support/faulty-process.js';
import { brokenPromises, peopleOf } from '../support/random-people.js';
import { aRandomQuickPlan } from '../support/random-quick-plan.js';
import { restlessWorkers } from '../support/restless-workers.js';

/** `HOLDPOINT_ROUNDS=7` plays one again, `HOLDPOINT_ROUNDS=1-100` many; its plans and steps are the same, its moments are not. */
const [first = 1, last = first] = (process.env['HOLDPOINT_ROUNDS'] ?? '1').split('-').map(Number);
const rounds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

const rolloutsInARound = 10;

const { withFaultFile } = faultyProcesses();
let world: FaultWorld;
beforeAll(async () => {
  // A few looks, and a rollout goes on in a new run.
  world = await openFaultWorld({ dynamicConfig: ['limit.historyCount.suggestContinueAsNew=90'] });
});
afterAll(() => world.close());

it.each(rounds)(
  'round %i',
  async (round) => {
    const faults = await withFaultFile(world.folder);
    /** Whose glass was broken, perhaps after they had completed. */
    const broken = new Set<string>();
    const numbers = new Map<string, number | null>();
    world.prometheus.answer((expression) => numbers.get(/flag="([^"]*)"/.exec(expression)?.[1] ?? '') ?? null);
    const workers = restlessWorkers({ world, faults, dice: diceOf(round * 1_000) });
    const rollouts = await Promise.all(
      Array.from({ length: rolloutsInARound }, async (_, index) => {
        const key = `round-${round}-${index}`;
        const dice = diceOf(round * 1_000 + index + 1);
        numbers.set(key, 1);
        const plan = aRandomQuickPlan(key, dice);
        const run = await world.start(plan, 'unwatched');
        const people = peopleOf({
          run,
          dice,
          changeNumbers: (value) => numbers.set(key, value),
          breakGlass: () => {
            broken.add(key);
            return world.cli('rollback', key, '--break-glass', '--by', 'ola', '--reason', 'enough');
          },
        });
        return { key, run, people };
      }),
    );
    await Promise.all(rollouts.map(({ people }) => people.talk()));
    await workers.settle();
    for (const { key, run, people } of rollouts) {
      const { result, audit } = await run.end({ logMayMiss: true });
      const trouble = [
        ...brokenPromises(people.sent, audit),
        ...(broken.has(key) ? [] : await wrongEnd(key, result.outcome)),
      ];
      expect(trouble.join('\n'), `${key}: ${workers.story.join(', ')}`).toBe('');
    }
    await world.endAll();
  },
  300_000,
);

async function wrongEnd(key: string, outcome: string): Promise<string[]> {
  const document = parseFlagDocument(await readFile(world.flags, 'utf8'));
  const percent = document === null ? null : readRecord(document, key).percent;
  const right = outcome === 'completed' ? 100 : 0;
  return percent === right ? [] : [`it ended ${outcome} with the flag at ${percent} %`];
}
