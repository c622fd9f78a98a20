/** A program that hangs is ended, also when its children keep its output open. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runQuiet } from '#tools/run-quiet.mjs';
import { fakeMachine } from '../support/fake-programs.js';

it('says what a program said, and how it ended', async () => {
  const machine = await fakeMachine();
  const path = await machine.install('talker', "console.log('one'); console.error('two'); process.exit(4);");
  const { code, output, why } = await runQuiet(path, [], { timeoutMs: 60_000 });
  expect([code, why, output.split('\n').toSorted()]).toEqual([4, expect.stringMatching(/one|two/), ['', 'one', 'two']]);
});

it('says that a program is not installed', async () => {
  const end = await runQuiet('holdpoint-no-such-program', [], { timeoutMs: 60_000 });
  expect(end).toEqual({ code: null, output: '', why: 'holdpoint-no-such-program is not installed' });
});

it('ends what runs too long', async () => {
  const machine = await fakeMachine();
  const pidFile = join(machine.folder, 'pid');
  const path = await machine.install(
    'sleeper',
    `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'inherit' });
fs.writeFileSync(${JSON.stringify(pidFile)}, child.pid + ' ' + process.pid);
setTimeout(() => {}, 600000);`,
  );
  // Long enough for it to have started its child, on any machine.
  const end = await runQuiet(path, [], { timeoutMs: 3_000 });
  expect(end).toEqual({ code: null, output: '', why: 'gave no end within 3 s' });
  const [child, sleeper] = (await readFile(pidFile, 'utf8')).split(' ').map(Number) as [number, number];
  process.kill(child, 'SIGKILL');
  await expect.poll(() => isAlive(sleeper)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
