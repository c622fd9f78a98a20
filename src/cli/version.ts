/** This package's version, from its own package file. */
import { readFileSync } from 'node:fs';

/** Beside the compiled files, or, when run from the sources, beside those. */
export function readVersion(): string {
  for (const place of ['../../../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'holdpoint' && version !== undefined) return version;
    } catch {
      // Not there: the other place.
    }
  }
  return 'unknown';
}
