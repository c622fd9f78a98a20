/** Between the acts the flag goes back to 0 by hand, without Temporal: what break-glass is for. */
import { openAdapters } from '../adapters/open.js';
import { breakGlass } from '../cli/break-glass.js';
import type { Scene } from './scene.js';

export async function takeBackByHand({ machine, plan, story }: Scene): Promise<void> {
  const { store: storeId, key } = plan.flag;
  const store = openAdapters(machine.config, { env: process.env, talk: process.stderr }).flagStores.get(storeId);
  if (store === undefined) throw new Error(`The configuration has no flag store ${storeId}.`);
  const record = await store.read(key);
  const begunAt = performance.now();
  const receipt = await breakGlass(
    { storeId, store, record },
    { by: 'dana', reason: 'the stage is set again for act 2' },
  );
  const tookMs = Math.ceil(performance.now() - begunAt);
  story.tell({
    at: receipt.writtenAt,
    percent: receipt.percent,
    tone: 'person',
    text: `dana breaks the glass: the flag goes back by hand, past Temporal, ${receipt.state} in ${tookMs} ms.`,
  });
}
