/** Hears of changes in folders. Of folders, not files: a replaced file is another file, and its watcher would hear nothing. */
import type { FSWatcher } from 'node:fs';

const { watch } = process.getBuiltinModule('node:fs');

export interface WatchedFolders {
  /** From now on these, and no others. */
  are(folders: readonly string[]): void;
  close(): void;
}

export function watchFolders(onChange: () => void): WatchedFolders {
  const watchers = new Map<string, FSWatcher>();
  let closed = false;

  const end = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const begin = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, onChange);
      watcher.on('error', () => end(folder));
      watchers.set(folder, watcher);
    } catch {
      // Not there, or this machine has no watcher left: then nothing is heard, and looking now and again remains.
    }
  };
  const are = (folders: readonly string[]): void => {
    for (const folder of watchers.keys()) if (!folders.includes(folder)) end(folder);
    if (!closed) for (const folder of folders) if (!watchers.has(folder)) begin(folder);
  };
  return {
    are,
    close(): void {
      closed = true;
      are([]);
    },
  };
}
