/** A world in which things go wrong at random: calls fail before or after they did their work, and answers come late. */
import { AdapterError } from '../../src/adapters/adapter-error.js';
import type { Act } from './faulty-adapters.js';
import type { Dice } from './dice.js';

/** How a call is spoilt. `lost`: done, and nobody hears of it. */
type Spoilt = 'failed' | 'lost' | 'slow';

export interface RandomFaults {
  readonly act: Act;
  /** The next calls of one kind go wrong. */
  order(dice: Dice): void;
}

const kinds = ['read', 'claim', 'flip', 'flip', 'rollback', 'rollback', 'measure', 'announce', 'archive'] as const;

export function randomFaults(): RandomFaults {
  const next = new Map<string, Spoilt[]>();
  const spoil = (what: string): Spoilt | undefined => next.get(what)?.shift();
  const trouble = (what: string): AdapterError =>
    new AdapterError('the world', 'unreachable', `${what} was told to fail`);
  return {
    order: ({ pick }) => {
      const what = pick(...kinds);
      // Being unable to measure is data, never an error: only late.
      const how = what === 'measure' ? 'slow' : pick<Spoilt>('failed', 'failed', 'lost', 'slow');
      // Telling and keeping are tried again after seconds, and a day waits for them: more would only take long.
      const count = what === 'announce' || what === 'archive' ? 1 : pick(1, 2, 3, 4);
      next.set(what, Array<Spoilt>(count).fill(how));
    },
    act: async (what, work) => {
      switch (spoil(what)) {
        case undefined:
          return work();
        case 'failed':
          throw trouble(what);
        case 'lost':
          await work();
          throw trouble(what);
        case 'slow':
          await new Promise((resolve) => setTimeout(resolve, 40));
          return work();
      }
    },
  };
}
