/** Chance that a seed decides: the same seed is the same choices, in the same order. */
import { seededRandom } from '../../src/demo/seeded-random.js';

export interface Dice {
  readonly pick: <T>(...choices: readonly T[]) => T;
  readonly chance: (ratio: number) => boolean;
  /** One of these, each as often as its weight says. */
  readonly weigh: <T>(choices: readonly (readonly [weight: number, choice: T])[]) => T;
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  return {
    pick: (...choices) => choices[Math.floor(random() * choices.length)]!,
    chance: (ratio) => random() < ratio,
    weigh: (choices) => {
      let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
      const found = choices.find(([weight]) => (left -= weight) < 0) ?? choices.at(-1);
      return found![1];
    },
  };
}
