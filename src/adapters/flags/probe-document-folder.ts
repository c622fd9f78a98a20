/** Whether a flag document could be replaced now: tried with files of its own, as rights alone do not tell. */
import { randomUUID } from 'node:crypto';
import { stat, symlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdapterError } from '../adapter-error.js';
import { fileTrouble } from '../file-trouble.js';
import { probeFolder } from '../probe-folder.js';
import { documentPath, temporaryPath } from './document-path.js';

/** Throws `AdapterError`. The document itself is not touched, and its lock is not taken. */
export async function probeDocumentFolder(adapter: string, path: string): Promise<void> {
  try {
    const target = await documentPath(path);
    // Named like a write of its own: what a killed probe leaves, the next writer clears away.
    await probeFolder(temporaryPath(target, randomUUID()));
    await probeLink(temporaryPath(target, randomUUID()));
    if (await isMountedAlone(target)) throw Object.assign(new Error('mounted alone'), { code: 'EBUSY' });
  } catch (error) {
    throw fileTrouble(adapter, `The flag document ${path} could not be replaced`, error);
  }
}

/** The lock is a symbolic link. Not every file system has them. */
async function probeLink(path: string): Promise<void> {
  try {
    await symlink('probe', path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP'].includes(code)) throw error;
    throw new AdapterError(
      'flag store',
      'refused',
      `The folder ${dirname(path)} takes no symbolic links, which the lock needs. Use a file system that has them.`,
      { cause: error },
    );
  }
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function isMountedAlone(target: string): Promise<boolean> {
  const document = await stat(target).catch(() => null);
  return document !== null && document.dev !== (await stat(dirname(target))).dev;
}
