/** What the operating system says when a file cannot be used, in words that tell an operator what to do. */
import { AdapterError, type AdapterErrorReason } from './adapter-error.js';

/** A missing folder may be a volume that is gone for a moment: never `not-configured`, which nobody would retry. */
const troubles: Readonly<Record<string, readonly [AdapterErrorReason, string]>> = {
  ENOENT: ['unreachable', 'its folder does not exist; make or mount it, or correct the path in the configuration'],
  ENOTDIR: ['unreachable', 'a part of its path is not a folder; correct the path in the configuration'],
  EEXIST: ['unreachable', 'a part of its path is a file, not a folder; correct the path in the configuration'],
  EISDIR: ['unreachable', 'there is a folder of that name; correct the path in the configuration'],
  ELOOP: ['unreachable', 'its symbolic links go in circles; mend them'],
  ENAMETOOLONG: ['refused', 'its name is too long for this file system'],
  EBUSY: ['not-permitted', 'it is mounted as a single file, which cannot be replaced; mount its folder instead'],
  ENOSPC: ['no-space', 'the disk is full; free some space'],
  EDQUOT: ['no-space', 'the quota is used up; free some space'],
  EFBIG: ['no-space', 'it would grow over the file size limit of this process (ulimit -f); raise the limit'],
  EACCES: ['not-permitted', 'this process may not write or read there; give it the rights'],
  EPERM: ['not-permitted', 'this process may not write or read there; give it the rights'],
  EROFS: ['not-permitted', 'the file system is read-only; mount it writable'],
  EMFILE: ['unreachable', 'this process has too many files open; raise its limit (ulimit -n)'],
  EIO: ['unreachable', 'the disk reports an error; look at the system log'],
};

/** @param what - a sentence's beginning, such as `The archive could not write a/b.json`. */
export function fileTrouble(adapter: string, what: string, error: unknown): AdapterError {
  if (error instanceof AdapterError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason, why] = troubles[code] ?? ['unreachable', message];
  return new AdapterError(adapter, reason, `${what}: ${why}.`, { cause: error });
}
