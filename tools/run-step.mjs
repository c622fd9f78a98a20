/** Runs one command with its output shown; a failure ends the script with that command's exit code. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} title @param {string} program @param {string[]} args */
export function runStep(title, program, args) {
  const began = Date.now();
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) console.error(`${title}: ${error.message}`);
  if (status !== 0) {
    console.error(`${title} failed`);
    process.exit(status ?? 1);
  }
  console.error(`${title}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** @param {string} name @returns {string} */
export const installedBinary = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
