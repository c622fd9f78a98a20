/** Whether a folder takes a file: one is made, synced and removed. */
import { open, rm } from 'node:fs/promises';

/** @param path - of a file that nobody else uses. Throws what the system says. */
export async function probeFolder(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile('probe');
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
