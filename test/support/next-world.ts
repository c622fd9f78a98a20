/** The same world for the next rollout of its flag, which sees only its own writes. */
import type { World } from './a-world.js';

export function nextWorld(world: World): World {
  const from = world.store.writes.length;
  return {
    ...world,
    store: {
      ...world.store,
      get writes() {
        return world.store.writes.slice(from);
      },
    },
  };
}
