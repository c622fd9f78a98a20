/** `npm ci` when the installed packages are missing or older than the lockfile. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from './run-step.mjs';

const changedAt = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

export function ensureInstalled() {
  const installed = changedAt('node_modules/.package-lock.json');
  if (installed >= changedAt('package-lock.json')) return;
  runStep('npm ci', 'npm', ['ci', '--no-audit', '--no-fund']);
}
