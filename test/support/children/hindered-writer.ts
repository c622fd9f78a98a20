/** A process without rights or without room that tries to write, and prints how it went. */
import { openDirectoryArchive } from '../../../src/adapters/archive/directory-archive.js';
import { openFileFlagStore } from '../../../src/adapters/flags/file-flag-store.js';
import type { SafeStateRequest } from '../../../src/adapters/flags/flag-store.js';

export interface HinderedOrder {
  /** Gives up root's rights, if it has them: root may write everywhere. */
  readonly asNobody: boolean;
  readonly write:
    | { readonly kind: 'rollback'; readonly path: string; readonly request: SafeStateRequest }
    | { readonly kind: 'put'; readonly root: string; readonly path: string; readonly text: string };
}

export type HinderedNews =
  | { readonly kind: 'done'; readonly told: readonly string[] }
  | { readonly kind: 'error'; readonly name: string; readonly reason: string; readonly message: string };

const order = JSON.parse(process.argv[2] ?? '') as HinderedOrder;
if (order.asNobody && process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(65_534);
  process.setuid?.(65_534);
}
// Ends the process by default; handled, the write fails as it does on a full disk.
process.on('SIGXFSZ', () => undefined);
const told: string[] = [];
const { write } = order;
const work =
  write.kind === 'put'
    ? openDirectoryArchive(write.root).put(write.path, write.text)
    : openFileFlagStore({
        id: 'local',
        path: write.path,
        onTrouble: (sentence) => told.push(sentence),
      }).writeSafeState(write.request);
const news = await work.then(
  (): HinderedNews => ({ kind: 'done', told }),
  ({ name, reason, message }: Error & { reason: string }): HinderedNews => ({ kind: 'error', name, reason, message }),
);
process.stdout.write(JSON.stringify(news));
