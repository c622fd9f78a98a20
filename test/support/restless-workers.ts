/** Workers that die, are told to end, come back and stumble, as a seed says; at the end one works in peace. */
import type { RunningCli } from './cli.js';
import type { Dice } from './dice.js';
import type { FaultWorld } from './fault-world.js';
import type { FaultFile } from './faulty-process.js';
import { writePoints } from './failpoints.js';

export interface RestlessWorkers {
  /** Told in order, for whoever plays the seed again. */
  readonly story: readonly string[];
  /** No more trouble; a worker runs. */
  settle(): Promise<void>;
}

interface Scene {
  readonly world: FaultWorld;
  readonly faults: FaultFile;
  readonly dice: Dice;
}

export function restlessWorkers({ world, faults, dice }: Scene): RestlessWorkers {
  const story: string[] = [];
  let worker: RunningCli | null = null;
  let isOver = false;
  const start = async (): Promise<void> => {
    try {
      worker = await world.startWorker(faults);
    } catch {
      // A failpoint met it while it began; another one comes.
      worker = null;
    }
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const old = worker;
    worker = null;
    old?.child.kill(signal);
    await old?.ended;
  };
  const things: readonly (readonly [number, string, () => Promise<unknown>])[] = [
    [4, 'killed', () => end('SIGKILL')],
    [2, 'told to end', () => end('SIGTERM')],
    [2, 'killed, and nobody for a while', () => end('SIGKILL').then(() => pause(dice.pick(700, 1_800)))],
    [
      2,
      'another one comes, and the first is killed',
      async () => {
        const old = worker;
        await start();
        old?.child.kill('SIGKILL');
        await old?.ended;
      },
    ],
    [5, 'a fault is ordered', () => faults.order(aFault(dice))],
    [2, 'peace', () => faults.order('')],
  ];
  const going = (async () => {
    while (!isOver) {
      if (worker === null || hasEnded(worker)) await start();
      await pause(dice.pick(200, 700, 1_500, 3_000));
      const [what, act] = dice.weigh(things.map(([weight, ...thing]) => [weight, thing] as const));
      story.push(what);
      await act();
    }
  })();
  return {
    story,
    settle: async () => {
      isOver = true;
      await going;
      await faults.order('');
      if (worker === null || hasEnded(worker)) await start();
    },
  };
}

const hasEnded = ({ child }: RunningCli): boolean => child.exitCode !== null || child.signalCode !== null;

/** In each process once, until another order comes. */
function aFault({ pick, weigh }: Dice): string {
  const write = pick('claim', 'flip', 'flip', 'rollback', 'rollback');
  const at = `${write}:${pick(...writePoints)}`;
  return weigh([
    [3, `${at}*1=kill`],
    [3, `${at}*1=fail:EIO`],
    [2, `${at}*1=sleep:300`],
    [1, 'read:before*1=fail:EIO'],
    [1, 'measure:before*2=sleep:800'],
    [1, 'archive:before*1=kill'],
    [1, 'archive:before-result*1=fail:EIO'],
  ]);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
