/** Runs a program without a terminal: nothing can ask for a password, nothing runs for ever. */
import { spawn } from 'node:child_process';

/**
 * @param {string} program @param {string[]} args
 * @param {{timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv}} options
 * @returns {Promise<{code: number | null, output: string, why: string}>} code null: it did not start, was killed, or
 * ran out of time. `why` says in a line what went wrong, if anything did.
 */
export function runQuiet(program, args, { timeoutMs, cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive', PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const end = (code, why) => {
      clearTimeout(timer);
      // A grandchild may hold the pipes open long after the program is gone.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output, why });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(null, `gave no end within ${timeoutMs / 1_000} s`);
    }, timeoutMs);
    const take = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) =>
      end(null, error.code === 'ENOENT' ? `${program} is not installed` : `${program}: ${error.message}`),
    );
    child.on('close', (code, signal) =>
      end(code, lastLine(output) || (signal === null ? `${program} ended with code ${code}` : `${program}: ${signal}`)),
    );
  });
}

const lastLine = (output) => output.trim().split('\n').at(-1) ?? '';
