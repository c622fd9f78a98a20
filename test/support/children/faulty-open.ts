/** `openAdapters` with a failpoint before and after each call to the world. */
import type * as open from '../../../src/adapters/open.js';
import { withFailpoints } from '../faulty-adapters.js';
import { actAs } from './failpoints.js';

const real = (await import(new URL(import.meta.url).searchParams.get('of') ?? '')) as typeof open;

export const openAdapters: typeof open.openAdapters = (config, surroundings) =>
  withFailpoints(real.openAdapters(config, surroundings), actAs);
