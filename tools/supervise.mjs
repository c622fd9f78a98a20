/**
 * Runs a program for as long as somebody holds the other end of stdin: `node supervise.mjs PROGRAM ARGUMENT…`.
 *
 * When stdin closes, whoever started this has ended, however suddenly; then the program ends, too.
 */
import { spawn } from 'node:child_process';

const patienceMs = 5_000;
const [program, ...args] = process.argv.slice(2);

const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`${program} could not be started: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));

function end() {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), patienceMs).unref();
}

process.stdin.on('close', end).resume();
process.on('SIGTERM', end);
// A terminal's Ctrl-C and a lost terminal are for whoever started this.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
