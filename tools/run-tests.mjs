/** Runs test files with their output shown, and closes with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { installedBinary, root } from './run-step.mjs';

/** @param {string[]} args @param {Record<string, string>} env */
export function runTests(args, env = {}) {
  ensureInstalled();
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-test-'));
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    installedBinary('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  );
  let failed = 1;
  try {
    const { numPassedTests, numFailedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not load counts no test; the runner's own exit code still says so.
    failed = status === 0 ? numFailedTests : Math.max(1, numFailedTests);
    console.log(`${numPassedTests} passed, ${failed} failed${numTotalTests === 0 ? ' (no test ran)' : ''}`);
  } catch {
    console.log('0 passed, 1 failed');
  }
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = failed === 0 ? 0 : 1;
}
