/** `holdpoint worker` as a process of its own that can be killed, and that does not outlive us. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from './within.mjs';

const cli = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const lifeline = new URL('lifeline.mjs', import.meta.url).href;

/** Returns at once. `ready`: the instant it ran, in epoch milliseconds; rejects with what it said when it ends before that. */
export function startWorkerProcess(config, nodeOptions = []) {
  return startProcess([...nodeOptions, '--import', lifeline, cli, 'worker', '--config', config]);
}

/** A Node process that says `The worker runs.` when it does. */
export function startProcess(args) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  const ready = within(untilRunning(child), 'A worker that runs');
  // Whoever kills it on purpose does not ask whether it was ready.
  ready.catch(() => undefined);
  const end = async (signal) => {
    child.kill(signal);
    await gone;
  };
  return {
    ready,
    pid: child.pid,
    /** Lets it finish what it has in its hands. */
    stop: () => end('SIGTERM'),
    /** As `kill -9`: it is told nothing and can do nothing. Resolves when it is gone. */
    kill: () => end('SIGKILL'),
  };
}

function untilRunning(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      said = (said + chunk).slice(-4_000);
      if (said.includes('The worker runs.')) resolve(Date.now());
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`A worker ended (${code ?? signal}) and said:\n${said}`)));
  });
}
