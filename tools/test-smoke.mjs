/**
 * `npm run test:smoke`: the reporting smoke suite through the command line. Without `-- --base-url URL` it starts the
 * demo's service on a free port for it. Other options of `holdpoint smoke` may follow as well.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './run-step.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const given = process.argv.slice(2);
const elsewhere = given.some((word) => word === '--base-url' || word.startsWith('--base-url='));
process.exitCode = elsewhere ? await smoke(given) : await withTarget((url) => smoke(['--base-url', url, ...given]));

async function withTarget(work) {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-smoke-'));
  const script = join(root, 'dist/src/demo/target/main.js');
  // With its lifeline it ends with this process, whatever happens to that.
  const args = [script, '--flags', join(folder, 'flags.json'), '--lifeline'];
  const target = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => target.once('close', resolve));
  try {
    const line = await Promise.race([firstLine(target.stdout), ended.then(() => null)]);
    if (line === null) throw new Error('The service that the suite asks did not start.');
    return await work(JSON.parse(line).url);
  } finally {
    target.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function firstLine(stream) {
  return new Promise((resolve) => createInterface({ input: stream }).once('line', resolve));
}

function smoke(args) {
  const command = [join(root, 'dist/src/cli/main.js'), 'smoke', join(root, 'ops/smoke/reporting.yaml'), ...args];
  const child = spawn(process.execPath, command, { stdio: 'inherit' });
  // Ctrl-C goes to the whole group: the command ends in its own way, cleanup included, and its exit code counts.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
