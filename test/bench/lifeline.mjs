/** Loaded before a program that has none of its own: ends it when whoever started it has ended, however suddenly. */
import { isMainThread } from 'node:worker_threads';

// Threads load this, too, and have another stdin.
if (isMainThread) {
  process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
  process.stdin.unref();
}
