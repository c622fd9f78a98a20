/** A file replaced whole or not at all, and still there after a power cut. Its mode and owner are kept. */
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Replacement {
  /** In the folder of the target, and nobody else's. */
  readonly temporary: string;
  /** Called when everything but the rename is done; false: leave the target as it is. */
  readonly mayLand?: () => Promise<boolean>;
}

/** False when `mayLand` said no, or somebody removed the temporary file meanwhile to keep it from landing. */
export async function replaceFile(target: string, text: string, { temporary, mayLand }: Replacement): Promise<boolean> {
  let lands = false;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await keepModeOf(target, file);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    lands = (await mayLand?.()) !== false && (await landed(temporary, target));
  } finally {
    if (!lands) await rm(temporary, { force: true });
  }
  if (lands) await syncFolder(dirname(target));
  return lands;
}

async function landed(temporary: string, target: string): Promise<boolean> {
  try {
    await rename(temporary, target);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function keepModeOf(target: string, file: FileHandle): Promise<void> {
  const old = await stat(target).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (old === null) return;
  const { uid, gid } = await file.stat();
  // Readers of a private file would be locked out by a new owner. Only root may give files away, so others just try.
  if (old.uid !== uid || old.gid !== gid) await file.chown(old.uid, old.gid).catch(() => undefined);
  // `open` subtracts the umask; this does not.
  await file.chmod(old.mode & 0o777);
}

/** Makes a rename in it last. Some file systems cannot sync folders and need not. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
