/** Loaded before a program that has none of its own: ends it when whoever started it has ended, however suddenly. */
process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
process.stdin.unref();
