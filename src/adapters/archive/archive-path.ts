/** Paths inside an archive never leave it. */
import { AdapterError } from '../adapter-error.js';

export function checkedPath(adapter: string, path: string): string {
  const parts = path.split('/');
  if (
    parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\') || part.includes('\0'))
  ) {
    throw new AdapterError(adapter, 'refused', `"${path}" is not a path inside the archive.`);
  }
  return path;
}
