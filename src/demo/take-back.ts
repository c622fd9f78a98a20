/** Between the acts the flag goes back to 0 by hand, without Temporal: what break-glass is for. */
import { randomUUID } from 'node:crypto';
import { openAdapters } from '../adapters/open.js';
import type { Scene } from './scene.js';

export async function takeBackByHand({ machine, plan, story }: Scene): Promise<void> {
  const { store, key } = plan.flag;
  const adapters = openAdapters(machine.config, { env: process.env, talk: process.stderr });
  const flags = adapters.flagStores.get(store);
  if (flags === undefined) throw new Error(`The configuration has no flag store ${store}.`);
  const { fence, safeState } = await flags.read(key);
  const begun = performance.now();
  const outcome = await flags.writeSafeState({
    key,
    owner: `break-glass:${randomUUID()}`,
    safeState: safeState ?? { percent: 0, set: {} },
    fence,
    asked: 'person',
    by: 'dana',
    reason: 'the stage is set again for act 2',
  });
  if (outcome.kind === 'refused') throw new Error(`The flag could not be taken back: ${outcome.why}.`);
  story.tell({
    at: outcome.receipt.writtenAt,
    percent: outcome.receipt.percent,
    tone: 'person',
    text: `dana takes the flag back by hand, past Temporal: written and proven in ${Math.ceil(performance.now() - begun)} ms.`,
  });
}
