/** Runs one test script after the other, also after a failure, and closes with one `N passed, N failed` over all. */
import { spawn } from 'node:child_process';
import { root } from './run-step.mjs';

const totals = { passed: 0, failed: 0 };
for (const script of process.argv.slice(2)) {
  const { status, lastLine } = await runScript(script);
  const [, passed = '0', failed = '1'] = /^(\d+) passed, (\d+) failed/.exec(lastLine) ?? [];
  totals.passed += Number(passed);
  // A script that ends badly has failed, whatever it counted.
  totals.failed += status === 0 ? Number(failed) : Math.max(1, Number(failed));
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** Its output is shown as it comes. */
function runScript(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      tail = (tail + chunk).slice(-2_000);
    });
    child.on('error', (error) => resolve({ status: 1, lastLine: error.message }));
    child.on('close', (code) => resolve({ status: code ?? 1, lastLine: tail.trim().split('\n').at(-1) ?? '' }));
  });
}
