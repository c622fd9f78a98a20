/** Foreign programs under their supervisor: they end when asked, when stubborn, and when whoever held them is gone. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdProgram, holdScript } from '../../src/dev/held-process.js';
import { waitUntilReady } from '../../src/dev/ready-process.js';
import { noneNaming, processesNaming } from '../support/processes-naming.js';
import { tempFolder } from '../support/temp-folder.js';

async function aProgram(text: string) {
  const folder = await tempFolder();
  const path = join(folder, 'program.mjs');
  await writeFile(path, text);
  const logPath = join(folder, 'program.log');
  return { folder, command: { name: 'The program', path: process.execPath, args: [path], logPath } };
}

describe('a held program', () => {
  it('ends when it is asked to, and says how', async () => {
    const { folder, command } = await aProgram('setInterval(() => {}, 1000);');
    const held = await holdProgram(command);
    expect((await processesNaming(folder)).length).toBeGreaterThanOrEqual(1);
    await held.stop();
    await held.stop();
    expect(await held.ended).toMatch(/^exit code/);
    expect(await processesNaming(folder)).toEqual([]);
  });

  it('ends even when it will not listen', async () => {
    const { folder, command } = await aProgram(
      "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000);",
    );
    const held = await holdProgram(command);
    await expect.poll(() => processesNaming(folder)).toHaveLength(2);
    await held.stop();
    expect(await processesNaming(folder)).toEqual([]);
  });

  it('ends when its holder is killed', async () => {
    const { folder, command } = await aProgram('setInterval(() => {}, 1000);');
    const holder = join(folder, 'holder.mjs');
    const supervisor = join(process.cwd(), 'tools', 'supervise.mjs');
    await writeFile(
      holder,
      `import { spawn } from 'node:child_process';
       spawn(process.execPath, ${JSON.stringify([supervisor, process.execPath, ...command.args])}, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
       setInterval(() => {}, 1000);`,
    );
    const held = await holdScript({ name: 'holder', args: [holder], logPath: command.logPath, readsStdout: false });
    await expect.poll(() => processesNaming(join(folder, 'program.mjs')), { timeout: 10_000 }).toHaveLength(2);
    process.kill(held.pid, 'SIGKILL');
    expect(await held.ended).toBe('signal SIGKILL');
    await noneNaming(folder);
  });

  it('that ends before it serves is explained with the end of its log', async () => {
    const { command } = await aProgram("console.error('no room left'); process.exit(3);");
    const held = await holdProgram(command);
    await expect(waitUntilReady(held, () => Promise.resolve(false))).rejects.toThrow(
      /The program ended before it was ready \(exit code 3\)[^]*no room left/,
    );
  });

  it('that does not exist is explained, too', async () => {
    const { command } = await aProgram('');
    const held = await holdProgram({ ...command, path: '/nowhere/program' });
    await expect(waitUntilReady(held, () => Promise.resolve(false))).rejects.toThrow(/could not be started/);
  });
});
