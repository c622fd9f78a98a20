/** A process that does one flag write and stops, or dies, before its nth step on files. Its parent tells it what. */
import { once } from 'node:events';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { FlipRequest, SafeStateRequest, WriteOutcome } from '../../../src/adapters/flags/flag-store.js';
import { beforeFileSteps } from './file-steps.js';

export interface SteppingOrder {
  readonly path: string;
  /** One after the other: its number, from 1, or a name: the next of that name. */
  readonly stops: readonly (number | string)[];
  /** `wait`: tells its parent and goes on at the next message. */
  readonly then: 'die' | 'wait';
  readonly write:
    | { readonly kind: 'flip'; readonly request: FlipRequest }
    | { readonly kind: 'rollback'; readonly request: SafeStateRequest };
}

export type SteppingNews =
  | { readonly kind: 'waiting'; readonly at: string }
  | { readonly kind: 'done'; readonly outcome: WriteOutcome | { readonly kind: 'error'; readonly message: string } };

const tell = (news: SteppingNews): Promise<void> =>
  new Promise((resolve) => process.send?.(news, undefined, {}, () => resolve()));

const [order] = (await once(process, 'message')) as [SteppingOrder];
let steps = 0;
const [...stops] = order.stops;
await beforeFileSteps(async (name) => {
  steps += 1;
  if (stops[0] !== steps && stops[0] !== name) return;
  stops.shift();
  if (order.then === 'die') {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }
  await tell({ kind: 'waiting', at: name });
  await once(process, 'message');
});
const store = openFileFlagStore({ id: 'child', path: order.path, onTrouble: (sentence) => console.error(sentence) });
const { write } = order;
const outcome = await (write.kind === 'flip' ? store.flip(write.request) : store.writeSafeState(write.request)).catch(
  (error: unknown) => ({ kind: 'error' as const, message: String(error) }),
);
await tell({ kind: 'done', outcome });
process.disconnect();
