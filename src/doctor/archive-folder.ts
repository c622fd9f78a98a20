/** Whether packs could be written: tried in the archive's folder, or in the one it would be made in. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdapterError } from '../adapters/adapter-error.js';
import { fileTrouble } from '../adapters/file-trouble.js';
import { probeFolder } from '../adapters/probe-folder.js';
import { ok, wrong } from './line.js';
import type { Check } from './place.js';

const about = 'archive';

export const archiveFolder: Check = {
  about,
  silence: 'wrong',
  look: async ({ config: { archive } }) => {
    try {
      const folder = await nearestFolder(archive.path);
      await probeFolder(join(folder, `.${randomUUID()}.tmp`));
      const made = folder === archive.path ? '' : '; it is made when the first pack is written';
      return [ok(about, `${archive.path} takes files${made}`)];
    } catch (error) {
      const trouble = fileTrouble(about, `The archive ${archive.path} takes no files`, error);
      if (!(trouble instanceof AdapterError)) throw error;
      return [wrong(about, trouble.message, null)];
    }
  },
};

/** The folder itself, or the nearest above it that is there. */
export async function nearestFolder(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}
