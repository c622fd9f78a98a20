/** The shipped fake: an archive that ends with its process. */
import { checkedPath } from './archive-path.js';
import type { Archive } from './archive.js';

export interface MemoryArchive extends Archive {
  readonly files: ReadonlyMap<string, string>;
}

export function openMemoryArchive(): MemoryArchive {
  const files = new Map<string, string>();
  return {
    files,
    put: async (path, text) => {
      await Promise.resolve();
      files.set(checkedPath('memory archive', path), text);
    },
    get: async (path) => {
      await Promise.resolve();
      return files.get(checkedPath('memory archive', path)) ?? null;
    },
  };
}
