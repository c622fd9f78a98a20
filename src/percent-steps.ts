/** How finely each kind of flag store divides a percent, as far as its configuration says. Loads nothing else: `check` must be quick. */
import type { FlagStoreConfig } from './config-stores.js';

/** The smallest part of a percent that the store tells apart; a plan's own is a thousandth. */
export function percentStepOf(store: FlagStoreConfig): number {
  switch (store.kind) {
    case 'file':
      return 0.001;
    case 'unleash':
      return 1;
    case 'http':
      return store.percentStep;
  }
}
