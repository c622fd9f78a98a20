/** Files that come with the package, wherever it and the compiled code are. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = dirname(createRequire(import.meta.url).resolve('holdpoint/package.json'));

/** @param path - from the package's root, such as `ops/plans/demo.yaml`. */
export const packageFile = (path: string): string => join(root, path);
