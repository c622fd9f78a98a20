/** Whether there is room where flags and packs are written: on a full disk a rollback cannot be written. */
import { statfs } from 'node:fs/promises';
import { fileTrouble } from '../adapters/file-trouble.js';
import { nearestFolder } from './archive-folder.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import type { Check } from './place.js';

const MiB = 1_048_576;
const GiB = 1_024 * MiB;
const failBytes = 100 * MiB;
const warnBytes = GiB;
const warnRatio = 0.05;

/** @param what - such as `archive`. */
export const diskSpace = (what: string, folder: string): Check => {
  const about = `disk of ${what}`;
  return {
    about,
    silence: 'wrong',
    look: async () => {
      try {
        const { bavail, blocks, bsize } = await statfs(await nearestFolder(folder));
        return [judgeSpace(about, { freeBytes: bavail * bsize, wholeBytes: blocks * bsize })];
      } catch (error) {
        return [wrong(about, fileTrouble(about, `The free space of ${folder} is not known`, error).message, null)];
      }
    },
  };
};

export function judgeSpace(
  about: string,
  { freeBytes, wholeBytes }: { readonly freeBytes: number; readonly wholeBytes: number },
): DoctorLine {
  // Some file systems, such as a network's, name no size at all.
  if (wholeBytes === 0) return ok(about, 'this file system does not say how large it is');
  const saw = `${formatBytes(freeBytes)} of ${formatBytes(wholeBytes)} free`;
  if (freeBytes < failBytes) return wrong(about, saw, 'Free some space now: a full disk takes no rollback');
  return freeBytes < warnBytes || freeBytes / wholeBytes < warnRatio
    ? warn(about, saw, 'Free some space')
    : ok(about, saw);
}

const formatBytes = (bytes: number): string =>
  bytes < GiB ? `${Math.floor(bytes / MiB)} MiB` : `${(bytes / GiB).toFixed(1)} GiB`;
