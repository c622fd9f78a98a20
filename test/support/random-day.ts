/** A day that nobody planned: a seed decides what people say, what the numbers say, what breaks and when. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FlagDocument } from '../../src/adapters/flags/flag-document.js';
import { applyWrite, readRecord } from '../../src/adapters/flags/flag-document.js';
import {
  attestUpdate,
  breachSignal,
  extendUpdate,
  pauseUpdate,
  requestRollbackUpdate,
  resumeUpdate,
  retryGateUpdate,
  rollbackSignal,
  skipHoldUpdate,
  withdrawUpdate,
} from '../../workflows/messages.js';
import { aWorld, down, failing, greenSmoke, healthy, noData, redSmoke, type World } from './a-world.js';
import { diceOf, type Dice } from './dice.js';
import { randomFaults, type RandomFaults } from './random-faults.js';
import { aRandomPlan } from './random-plan.js';
import type { Day, DayScript } from './run-day.js';

/** The same seed is the same plan and the same steps. */
export function aRandomDay(seed: number): DayScript {
  const dice = diceOf(seed);
  const plan = aRandomPlan(dice);
  const world = aWorld();
  const faults = randomFaults();
  world.state.act = faults.act;
  // The claim comes before the first step.
  if (dice.chance(0.2)) faults.order(dice);
  return {
    plan,
    world,
    // Without it every task is as on a worker that has just begun.
    cache: !dice.chance(0.25),
    people: async (day) => {
      try {
        // The fake server loses the task of a message that meets the claim; the real one is tried in `rollback-wins`.
        while ((await day.status()).owner === null) await new Promise((resolve) => setTimeout(resolve, 20));
        for (let count = 0; count < 30; count += 1) {
          await day.rest();
          await aStep({ day, world, faults, dice });
        }
        await day.rest();
        await day.send(requestRollbackUpdate, { by: 'ola', reason: 'the day is over' });
      } catch (error) {
        // It ended by itself.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

interface Scene {
  readonly day: Day;
  readonly world: World;
  readonly faults: RandomFaults;
  readonly dice: Dice;
}

type Step = (scene: Scene) => Promise<unknown>;

/** Each with how often it comes, of all together. */
const steps: readonly (readonly [number, Step])[] = [
  [24, ({ day }) => day.pass('15m')],
  [10, ({ day }) => day.pass('30m')],
  [6, ({ day }) => day.pass('1h')],
  [24, (scene) => decide(scene, 'go')],
  [2, (scene) => decide(scene, 'no-go')],
  [6, ({ day, dice }) => day.send(attestUpdate, { item: dice.pick('audit', 'audit', 'nothing'), by: somebody(dice) })],
  [3, ({ day, dice }) => day.send(pauseUpdate, { by: somebody(dice), reason: 'wait' })],
  [6, ({ day, dice }) => day.send(resumeUpdate, { by: somebody(dice), reason: 'go on' })],
  [2, ({ day, dice }) => day.send(withdrawUpdate, { by: somebody(dice), ...dice.pick({}, {}, { item: 'audit' }) })],
  [
    2,
    ({ day, dice }) => day.send(extendUpdate, { by: somebody(dice), reason: 'more time', for: dice.pick('30m', '2h') }),
  ],
  [1, ({ day, dice }) => day.send(skipHoldUpdate, { by: somebody(dice), reason: 'no need to wait' })],
  [2, ({ day, dice }) => day.send(retryGateUpdate, { by: somebody(dice), reason: 'look again' })],
  [8, changeNumbers],
  [1, ({ day }) => day.handle.signal(rollbackSignal, { by: 'ola', reason: 'enough' })],
  [1, ({ day }) => Promise.all([1, 2].map(() => day.send(requestRollbackUpdate, { by: 'ola', reason: 'enough' })))],
  [0.5, ({ day }) => day.handle.cancel()],
  [
    3,
    ({ day, dice }) =>
      day.handle.signal(dice.pick('go', 'noGo', 'rumour', 'breach'), dice.pick<unknown>(undefined, 42, [])),
  ],
  [1, pushSamples],
  [8, ({ faults, dice }) => Promise.resolve(faults.order(dice))],
  [1, editByHand],
];

const aStep = (scene: Scene): Promise<unknown> => scene.dice.weigh(steps)(scene);

const somebody = ({ pick }: Dice): string => pick('sam', 'kim', 'ida', 'dana');

function decide({ day, dice }: Scene, decision: 'go' | 'no-go'): Promise<unknown> {
  const role = dice.pick('release-manager', 'release-manager', 'sre', 'sre', 'chef');
  const stage = dice.pick(1, 2, 3, undefined, undefined, undefined);
  const planDigest = dice.pick('sha256:another', ...Array<undefined>(9).fill(undefined));
  return day.decide({
    decision,
    by: somebody(dice),
    role,
    ...(stage === undefined ? {} : { stage }),
    ...(planDigest === undefined ? {} : { planDigest }),
  });
}

function changeNumbers({ world, dice }: Scene): Promise<void> {
  const reading = dice.pick(healthy, healthy, healthy, healthy, failing, noData, down);
  const smoke = dice.pick(greenSmoke, greenSmoke, greenSmoke, redSmoke, { outcome: 'unavailable', steps: [] } as const);
  world.state.reading = () => reading;
  world.state.smoke = () => smoke;
  return Promise.resolve();
}

async function pushSamples({ day, dice }: Scene): Promise<void> {
  const at = new Date(await day.env.currentTimeMs()).toISOString();
  const reading = { kind: 'value' as const, value: dice.pick(0.5, 0.999), raw: '' };
  const sample = { check: 'autosave-success', scope: 'watch' as const, at, windowMs: 0, reading };
  await day.handle.signal(breachSignal, { samples: [sample] });
}

/** Somebody writes another percent into the document, keeping the rest as it is. */
function editByHand({ world: { store }, dice }: Scene): Promise<void> {
  const key = 'reporting-unified';
  const document: FlagDocument = store.document();
  const { exists, fence, owner, safeState } = readRecord(document, key);
  const percent = dice.pick(0, 3, 100);
  if (exists)
    store.replaceDocument(applyWrite(document, key, { percent, fence, owner: owner ?? '', safeState, set: {} }));
  return Promise.resolve();
}
